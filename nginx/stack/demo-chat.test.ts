import { afterEach, beforeEach, expect, test } from "vitest";
import { startDemoBackend, type DemoBackend } from "./demo-backend.mjs";

let backend: DemoBackend;
beforeEach(async () => {
  backend = await startDemoBackend();
});
afterEach(() => backend.close());

const MESSAGES = [
  { role: "system", content: "Be short." },
  { role: "user", content: "Why?" },
];
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

const chat = (body: object, query = ""): Promise<Response> =>
  fetch(`${backend.url}/v1/chat/completions${query}`, {
    method: "POST",
    body: JSON.stringify({ model: "small", messages: MESSAGES, max_tokens: 2, ...body }),
  });

/** The events of a stream, the last one as it is. */
async function events(answer: Response): Promise<unknown[]> {
  const parts = (await answer.text()).split("\n\n").filter((part) => part !== "");
  return parts.map((part) => {
    const data = part.replace("data: ", "");
    return data === "[DONE]" ? data : JSON.parse(data);
  });
}

test("answers one document with its usage", async () => {
  const answer = await chat({});
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.json()).toMatchObject({
    object: "chat.completion",
    model: "small",
    choices: [{ message: { role: "assistant", content: "Shed the" }, finish_reason: "stop" }],
    usage: USAGE,
  });
});

test("a stream tells its usage in the last event before its end", async () => {
  const answer = await chat({ stream: true, stream_options: { include_usage: true } });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const seen = await events(answer);
  expect(seen).toHaveLength(5);
  expect(seen[0]).toMatchObject({ object: "chat.completion.chunk", choices: [{ delta: { content: "Shed " } }] });
  expect(seen.slice(-2)).toMatchObject([{ choices: [], usage: USAGE }, "[DONE]"]);
});

test("a stream that is not asked for its usage tells none", async () => {
  const seen = await events(await chat({ stream: true }));
  expect(seen.some((event) => typeof event === "object" && event !== null && "usage" in event)).toBe(false);
  expect(seen).toHaveLength(4);
});

test("fails when it is told to", async () => {
  expect((await chat({}, "?status=500")).status).toBe(500);
});

test.each([{ model: 7 }, { max_tokens: 0 }, { max_tokens: "many" }])("refuses %j", async (body) => {
  const answer = await chat(body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: expect.stringContaining(Object.keys(body)[0] ?? "") as string });
});
