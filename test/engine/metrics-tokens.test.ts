import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Backend, type Respond } from "../harness/backend.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const USAGE = { prompt_tokens: 19, completion_tokens: 210, total_tokens: 229 };
const LURE = 'say "usage":{"prompt_tokens":1,"completion_tokens":1}';

async function chat(respond: Respond, labels: object = {}): Promise<{ gateway: Gateway; backend: Backend }> {
  const backend = await startBackend({ respond });
  onTestFinished(() => backend.stop());
  const gateway = await gatewayForTest({
    upstreams: { ai: { targets: [backend.target] } },
    routes: [
      { name: "chat", path: "/", upstream: "ai", plugins: { "endpoint-metrics": { tokens: "openai", labels } } },
    ],
  });
  return { gateway, backend };
}

function ask(gateway: Gateway, body: object = { model: "gpt-4o-mini" }) {
  const headers = { "content-type": "application/json", "accept-encoding": "gzip" };
  return send(`${gateway.url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function tokens(gateway: Gateway, model: string, type: string): Promise<number | undefined> {
  const text = await gateway.metrics();
  const line = text.split("\n").find((one) => {
    return one.startsWith("gateway_ai_tokens_total{") && one.includes(`model="${model}"`) && one.includes(`"${type}"`);
  });
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

describeWithEngine("tokens of answers in OpenAI's format", () => {
  test("plain answers, over all workers; the upstream is not asked to compress", async () => {
    const choices = [{ index: 0, message: { role: "assistant", content: LURE.repeat(2000) } }];
    const answer = JSON.stringify({ id: "1", model: "gpt-4o-2024-08-06", choices, usage: USAGE });
    const { gateway, backend } = await chat((_arrived, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(answer);
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(gateway)));
    expect(answers.every(({ body }) => body === answer)).toBe(true);
    expect(backend.arrived.every(({ headers }) => headers["accept-encoding"] === undefined)).toBe(true);
    await eventually("all are counted", async () => {
      return (await tokens(gateway, "gpt-4o-2024-08-06", "completion")) === 12 * 210;
    });
    expect(await tokens(gateway, "gpt-4o-2024-08-06", "prompt")).toBe(12 * 19);
  });

  test("a stream goes through as it comes, and its last event is counted", async () => {
    const event = (delta: object, usage: object | null): string =>
      `data: ${JSON.stringify({ model: "gpt-4o", choices: [{ index: 0, delta }], usage })}\n\n`;
    const pieces = [
      event({ content: LURE }, null),
      event({ content: "two" }, null),
      event({}, USAGE),
      "data: [DONE]\n\n",
    ];
    const { gateway } = await chat(async (_arrived, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const piece of pieces) {
        // Cut in the middle: no chunk is an event.
        response.write(piece.slice(0, 20));
        await sleep(20);
        response.write(piece.slice(20));
      }
      response.end();
    });
    expect((await ask(gateway)).body).toBe(pieces.join(""));
    await eventually("it is counted", async () => (await tokens(gateway, "gpt-4o", "completion")) === 210);
  });

  test("the model that was asked for, and labels of the body", async () => {
    const { gateway } = await chat(
      (_arrived, response) => {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ usage: USAGE }));
      },
      { model: "body:model", user: "body:metadata.user", area: "path:2", q: "query:q" },
    );
    await ask(gateway, { model: 'o"1\n', metadata: { user: 7 } });
    await eventually("it is counted", async () => (await tokens(gateway, 'o\\"1?', "prompt")) === 19);
    const labels = 'method="POST",route="chat",status="2xx",upstream="ai",area="chat",model="o\\"1?",q="",user="7"';
    expect(metric(await gateway.metrics(), `gateway_requests_total{${labels}}`)).toBe(1);
  });

  test("what cannot be read is told apart; errors and other answers are not", async () => {
    const { gateway } = await chat((arrived, response) => {
      const { model } = JSON.parse(arrived.body) as { model: string };
      if (model === "zipped") {
        const headers = { "content-type": "application/json", "content-encoding": "gzip" };
        response.writeHead(200, headers).end(gzipSync(JSON.stringify({ model, usage: USAGE })));
      } else if (model === "html") {
        response.writeHead(200, { "content-type": "text/html" }).end(JSON.stringify({ model, usage: USAGE }));
      } else {
        response.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify({ model, usage: USAGE }));
      }
    });
    for (const model of ["zipped", "html", "busy"]) await ask(gateway, { model });
    await eventually("the compressed one is told", async () => {
      return metric(await gateway.metrics(), 'gateway_ai_answers_unread_total{route="chat",upstream="ai"}') === 1;
    });
    expect(await gateway.metrics()).not.toContain("gateway_ai_tokens_total{");
    expect(await gateway.errorLog()).not.toMatch(/\[error\]/);
  });
});
