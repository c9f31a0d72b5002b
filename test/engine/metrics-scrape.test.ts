import { Agent, request } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { samplesOf, total } from "../harness/metrics-text.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { promtool } from "../harness/promtool.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const OPEN_METRICS = { headers: { accept: "application/openmetrics-text; version=1.0.0" } };

async function gatewayWith(plugin: object, workers: number, more: object = {}): Promise<Gateway> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  return gatewayForTest(
    {
      upstreams: { one: { targets: [backend.target] } },
      routes: [{ name: "users", path: "/users", upstream: "one", plugins: { "endpoint-metrics": plugin } }],
      nginx: { server: ["location = /free { return 200 free; }"] },
      ...more,
    },
    { workers },
  );
}

/** Lines as OpenMetrics 1.0 has them: metadata, samples, exemplars behind buckets, and the end. */
function wrongLines(text: string): string[] {
  const number = String.raw`(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)`;
  const labels = String.raw`\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:,(?=[a-zA-Z_])|(?=\})))*\}`;
  const exemplar = String.raw`(?: # ${labels} ${number}(?: ${number})?)?`;
  const sample = new RegExp(`^[a-zA-Z_:][\\w:]*(?:${labels})? ${number}${exemplar}$`, "u");
  const metadata = /^# (?:HELP [a-zA-Z_:][\w:]* \S.*|TYPE [a-zA-Z_:][\w:]* (?:counter|gauge|histogram|unknown))$/u;
  return text
    .split("\n")
    .slice(0, -2)
    .filter((line) => !sample.test(line) && !metadata.test(line));
}

describeWithEngine("a scrape", () => {
  it("is what promtool accepts without a warning", async (context) => {
    const gateway = await gatewayWith({ labels: { tenant: "header:X-Tenant" } }, 2);
    for (const tenant of ["a", 'b"\\', "ü"]) await send(`${gateway.url}/users`, { headers: { "x-tenant": tenant } });
    const text = await eventually("all are shown", async () => {
      const shown = await gateway.metrics();
      return total(shown, "gateway_requests_total") === 3 && shown;
    });
    expect(await promtool(text, context)).toBe("");
    // It sees what is wrong.
    expect(await promtool(`${text}gateway_requests_total{route="twice} 1\n`, context)).not.toBe("");
  });

  it("as OpenMetrics has exemplars with the trace of a request, and families without _total", async () => {
    const gateway = await gatewayWith({}, 1);
    await send(`${gateway.url}/users`, { headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } });
    const text = await eventually("an exemplar is shown", async () => {
      const { body } = await send(`${gateway.adminUrl}/metrics`, OPEN_METRICS);
      return body.includes("trace_id") && body;
    });
    expect(text.endsWith("\n# EOF\n")).toBe(true);
    expect(wrongLines(text)).toEqual([]);
    expect(wrongLines(`a{b="1",} 2\na 1 2 3\n# EOF\n`)).toHaveLength(2);
    const traced = text.split("\n").filter((line) => line.includes("trace_id"));
    expect(traced).toHaveLength(1);
    expect(traced[0]).toMatch(
      new RegExp(
        `^gateway_request_duration_seconds_bucket.* 1 # \\{trace_id="${TRACE}"\\} 0(\\.\\d+)? \\d+(\\.\\d+)?$`,
        "u",
      ),
    );
    expect(text).toContain("# TYPE gateway_requests counter\n");
    expect(text).toContain('le="1.0"');
    // A family's lines stand together, and each family comes once.
    const types = text.split("\n").flatMap((line) => /^# TYPE (\S+)/u.exec(line)?.[1] ?? []);
    expect(new Set(types).size).toBe(types.length);
    // A scraper that does not ask for it gets the older format.
    expect(await gateway.metrics()).not.toContain("trace_id");
  });

  it("of 20,000 series takes less than 200 ms, and other requests are answered meanwhile", async () => {
    const tenants = 640;
    const plugin = { labels: { tenant: "header:X-Tenant" }, label_values: { max_values: 1000 } };
    const gateway = await gatewayWith(plugin, 1);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    onTestFinished(() => {
      agent.destroy();
    });
    for (let at = 0; at < tenants; at += 8) {
      const some = Array.from({ length: 8 }, (_, i) => ({ headers: { "x-tenant": `tenant-${at + i}` }, agent }));
      await Promise.all(some.map((options) => send(`${gateway.url}/users`, options)));
    }
    await eventually("all are shown", async () => total(await gateway.metrics(), "gateway_requests_total") === tenants);
    const series = samplesOf(await gateway.metrics()).size;
    expect(series).toBeGreaterThan(20_000);

    /** One scrape, while requests go to the same worker one after the other from its first bytes on. */
    const scrape = (): Promise<{ milliseconds: number; answered: number }> =>
      new Promise((resolve, reject) => {
        const startedMs = performance.now();
        let answered = 0;
        let ended = false;
        const sent = request(`${gateway.adminUrl}/metrics`, (response) => {
          response.once("data", () => {
            const next = (): void => {
              send(`${gateway.url}/free`, { agent }).then(() => {
                if (ended) return;
                answered += 1;
                next();
              }, reject);
            };
            next();
          });
          response.on("data", () => undefined);
          response.once("end", () => {
            ended = true;
            resolve({ milliseconds: performance.now() - startedMs, answered });
          });
        });
        sent.once("error", reject);
        sent.end();
      });
    const scrapes = [];
    for (let i = 0; i < 8; i++) scrapes.push(await scrape());
    // The quickest: others use this machine too.
    expect(Math.min(...scrapes.map(({ milliseconds }) => milliseconds))).toBeLessThan(200);
    expect(Math.max(...scrapes.map(({ answered }) => answered))).toBeGreaterThanOrEqual(3);
  }, 60_000);
});
