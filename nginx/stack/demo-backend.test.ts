import { afterEach, beforeEach, expect, test } from "vitest";
import { exchangeWebSocket } from "../../test/harness/websocket-client.ts";
import { startDemoBackend, type DemoBackend } from "./demo-backend.mjs";

let backend: DemoBackend;
beforeEach(async () => {
  backend = await startDemoBackend({ name: "users" });
});
afterEach(() => backend.close());

const status = async (path: string) => (await fetch(backend.url + path)).status;

function turn(knobs: unknown) {
  return fetch(`${backend.url}/__knobs`, { method: "POST", body: JSON.stringify(knobs) });
}

test("echoes the request, with its own name and count", async () => {
  await fetch(backend.url);
  const answer = await fetch(`${backend.url}/a/b?c=d`, { method: "PUT", headers: { "X-One": "1" }, body: "text" });
  expect(await answer.json()).toMatchObject({
    backend: "users",
    requests: 2,
    method: "PUT",
    path: "/a/b",
    query: "?c=d",
    headers: { "x-one": "1" },
    body: "text",
  });
  expect(backend.requests()).toBe(2);
});

test("the query asks for a status and a delay once", async () => {
  const begun = Date.now();
  expect(await status("/?status=503&delay=0.2")).toBe(503);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(195);
  expect(await status("/")).toBe(200);
});

test("knobs hold until they are changed; what is left out is as at first", async () => {
  await turn({ status: 502 });
  expect([await status("/"), await status("/")]).toEqual([502, 502]);
  expect(await (await turn({})).json()).toEqual({
    backend: "users",
    requests: 2,
    status: 200,
    delay_seconds: 0,
    error_rate: 0,
  });
  expect(await status("/")).toBe(200);
});

test.each([0, 0.3, 0.5, 1])("error_rate %f: exactly that share fails, evenly", async (rate) => {
  await turn({ error_rate: rate });
  const seen: number[] = [];
  for (let call = 0; call < 10; call += 1) seen.push(await status("/"));
  expect(seen.filter((code) => code === 500)).toHaveLength(rate * 10);
});

test.each([{ status: 99 }, { error_rate: 2 }, { delay_seconds: "x" }, { speed: 1 }])(
  "a wrong knob is refused and changes nothing: %j",
  async (knobs) => {
    expect((await turn(knobs)).status).toBe(400);
    expect(await status("/")).toBe(200);
  },
);

test.each([5, 300, 70_000])("/ws echoes a message of %d bytes", async (length) => {
  const text = "x".repeat(length);
  expect((await exchangeWebSocket(`${backend.url}/ws`, text)) === text).toBe(true);
});

test("another path is no WebSocket", async () => {
  await expect(exchangeWebSocket(`${backend.url}/other`, "text")).rejects.toThrow("status 404");
});
