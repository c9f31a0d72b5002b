import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { sendMany } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { promtool } from "../harness/promtool.ts";

const guide = readFileSync(new URL("../../docs/writing-plugins.md", import.meta.url), "utf8");
const [tally = "", word = ""] = [...guide.matchAll(/```ts\n(import type.*?)```/gs)].map(([, source]) => source);

describeWithEngine("docs/writing-plugins.md", () => {
  test("the plugin that counts in the worker counts all requests, over a reload too", async (context) => {
    const backend = await startBackend();
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        upstreams: { one: { targets: [backend.target] } },
        routes: ["a", "b"].map((name) => ({ name, path: `/${name}`, upstream: "one", plugins: { tally: {} } })),
      },
      { files: customPlugin("tally", ["log"], tally), workers: 2 },
    );
    await sendMany(30, `${gateway.url}/a`);
    await sendMany(30, `${gateway.url}/b`);
    await gateway.reload();
    await sendMany(30, `${gateway.url}/b`);
    const text = await eventually("all are counted", async () => {
      const shown = await gateway.metrics();
      return metric(shown, "gateway_tally_total") === 90 && shown;
    });
    expect(text.match(/# TYPE gateway_tally_total counter/g)).toHaveLength(1);
    expect(await promtool(text, context)).toBe("");
  });

  test("the plugin that asks for a word tells it in every worker, and one asks for all", async () => {
    const backend = await startBackend({ respond: ({ url }, response) => void response.end(url.slice(1)) });
    onTestFinished(() => backend.stop());
    const source = word.replace("words.internal", "127.0.0.1").replace("9000", String(backend.port));
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "all", path: "/", upstream: "one", plugins: { words: {} } }],
      },
      { files: customPlugin("words", ["header_filter"], source), workers: 4 },
    );
    await eventually("the word is known", async () => {
      return (await sendMany(1, `${gateway.url}/other`)).every(({ headers }) => headers["x-word"] === "word");
    });
    const answers = await sendMany(20, `${gateway.url}/other`);
    expect(answers.every(({ headers }) => headers["x-word"] === "word")).toBe(true);
    // Each looks at its start whether it is the one.
    expect(backend.arrived.filter(({ url }) => url === "/word").length).toBeLessThan(4);
  });
});
