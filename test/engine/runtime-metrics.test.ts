import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { gatewayForTest, startGateway, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { promtool } from "../harness/promtool.ts";

/** What Prometheus 2.42 sends. */
const PROMETHEUS =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/** Keeps many series; `at` says what is odd about them. */
const SERIES = `import type { Create, Exposition } from "autoscale-lua";

interface Config { readonly at?: string }

let came = false;

export const create: Create<Config> = (config, host) => {
  const exposition = host.shared("series", (worker): Exposition => ({
    write(sink) {
      const family = sink.openMetrics ? "gateway_series" : "gateway_series_total";
      sink.write("# HELP " + family + " Made for a test.\\n# TYPE " + family + " counter\\n");
      const count = 1000;
      for (let index = 0; index < count; index++) {
        if (config.at === "throw" && index === 700) error("thrown on purpose at 700");
        sink.write("gateway_series_total{index=\\"" + string.format("%d", index) + "\\"} 1" + (index === 5 ? "" : "\\n"));
        if (index % 500 === 499) sink.pause();
      }
      // Goes on until another request came, or the scraper has left.
      for (let round = 0; config.at === "wait" && !came && round < 10000000; round++) {
        sink.write("gateway_series_total{index=\\"more" + string.format("%d", round) + "\\"} 1\\n");
        sink.pause();
      }
      worker.log.notice("all series are written");
    },
  }));
  return {
    access() {
      came = true;
      return undefined;
    },
    exposition,
    metrics(emit) {
      emit("gateway_odd", "gauge", "With a \\\\ and a\\nline.", { route: host.place.route + "\\"\\n\\\\" }, 1 / 0);
      if (config.at === "name") emit("not-a-name", "gauge", "Refused.", {}, 1);
    },
  };
};
`;

async function gatewayOf(at?: string): Promise<Gateway> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  const plugins = { series: at === undefined ? {} : { at } };
  return gatewayForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: [backend.target] } },
      routes: ["a", "b"].map((name) => ({ name, path: `/${name}`, upstream: "one", plugins })),
    },
    { files: customPlugin("series", ["access"], SERIES), workers: 1 },
  );
}

/** Each metric's lines stand together, and no family comes twice. */
function families(text: string): string[] {
  return text.split("\n").flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
}

const ONE = { name: "one", path: "/", upstream: "one" };

describeWithEngine("GET /metrics", () => {
  let shared: Gateway | undefined;
  afterAll(() => shared?.stop());

  test("what two instances share is written once, beside what each emits; promtool has nothing to say", async (context) => {
    const gateway = await gatewayOf();
    const answer = await send(`${gateway.adminUrl}/metrics`);
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers["transfer-encoding"]).toBe("chunked");
    expect(families(answer.body).filter((family) => family === "gateway_series_total")).toHaveLength(1);
    expect(new Set(families(answer.body)).size).toBe(families(answer.body).length);
    expect(answer.body.match(/^gateway_series_total\{/gm)).toHaveLength(1000);
    expect(answer.body).toContain("# HELP gateway_odd With a \\\\ and a\\nline.\n");
    expect(metric(answer.body, 'gateway_odd{route="a\\"\\n\\\\"}')).toBe(NaN);
    expect(answer.body).toContain('gateway_odd{route="b\\"\\n\\\\"} +Inf\n');
    expect(answer.body.endsWith('{index="999"} 1\n')).toBe(true);
    expect(await promtool(answer.body, context)).toBe("");
  });

  test("OpenMetrics, for those who ask for it as Prometheus does", async () => {
    const gateway = await gatewayOf();
    const answer = await send(`${gateway.adminUrl}/metrics`, { headers: { accept: PROMETHEUS } });
    expect(answer.headers["content-type"]).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(answer.headers["vary"]).toBe("Accept");
    expect(answer.body).toContain("# TYPE gateway_plugin_errors counter\ngateway_plugin_errors_total{");
    expect(answer.body).toContain("# TYPE gateway_series counter\ngateway_series_total{");
    expect(answer.body.endsWith('{index="999"} 1\n# EOF\n')).toBe(true);
    expect(families(answer.body).filter((family) => family.endsWith("_total"))).toEqual([]);
  });

  test.each([
    ["application/openmetrics-text", true],
    ['APPLICATION/OpenMetrics-Text ; Version="1.0.0";q=0.5, text/plain;q=0.4', true],
    ["text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.5", true],
    ["application/openmetrics-text;q=0.3,text/plain", false],
    ["application/openmetrics-text;version=0.0.1", false],
    ["application/openmetrics-text;q=0", false],
    ["application/openmetrics-text;q=nonsense", false],
    ["*/*", false],
    ["", false],
  ])("Accept %s: OpenMetrics is %s", async (accept, open) => {
    shared ??= await startGateway({ upstreams: { one: { targets: ["127.0.0.1:9"] } }, routes: [ONE] }, { workers: 1 });
    const { headers, body } = await send(`${shared.adminUrl}/metrics`, { headers: { accept } });
    expect(headers["content-type"]).toMatch(open ? /^application\/openmetrics-text; version=1\.0\.0/ : /^text\/plain/);
    expect(body.endsWith("# EOF\n")).toBe(open);
  });

  test("a HEAD request gets the headers alone", async () => {
    const gateway = await gatewayOf();
    const answer = await send(`${gateway.adminUrl}/metrics`, { method: "HEAD" });
    expect([answer.status, answer.body]).toEqual([200, ""]);
    expect(await gateway.errorLog()).not.toContain("all series are written");
  });

  test("an exposition that throws leaves whole lines, and is counted and told", async () => {
    const gateway = await gatewayOf("throw");
    const { body } = await send(`${gateway.adminUrl}/metrics`, { headers: { accept: PROMETHEUS } });
    expect(body.endsWith('{index="699"} 1\n# EOF\n')).toBe(true);
    expect(body).toContain("gateway_odd");
    expect(await gateway.errorLog()).toMatch(/plugin "series" failed in metrics.*thrown on purpose at 700/);
    expect(metric(await gateway.metrics(), 'gateway_plugin_errors_total{plugin="series"}')).toBe(1);
  });

  test("a name that is none costs its plugin that line, and nobody else anything", async (context) => {
    const gateway = await gatewayOf("name");
    const text = await gateway.metrics();
    expect(text).not.toContain("not-a-name");
    expect(await promtool(text, context)).toBe("");
    expect(await gateway.errorLog()).toContain('"not-a-name" is no name of a metric or a label');
  });

  test("other requests are answered while it is written; a scraper that has left is written nothing", async () => {
    const gateway = await gatewayOf("wait");
    const leaving = connect(Number(new URL(gateway.adminUrl).port), "127.0.0.1");
    leaving.write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(leaving, "data");
    leaving.destroy();
    const scrape = gateway.metrics();
    await sleep(200);
    expect((await send(`${gateway.url}/a`)).status).toBe(200);
    expect(await scrape).toContain('{index="more0"} 1\n');
    const log = await gateway.errorLog();
    expect(log.match(/all series are written/g)).toHaveLength(1);
    expect(log).not.toMatch(/failed in metrics|attempt to/);
  });
});
