import { describe, expect, it } from "vitest";
import { begin, call, end, rig, samplesOf, scrape, total } from "../../test/harness/metrics-rig.ts";

const USERS = 'method="GET",route="users",status="2xx",upstream="backend"';

describe("a request", () => {
  it("is counted by method, route, status and upstream, with its duration", () => {
    const { node, workers } = rig({ buckets: [0.1, 1] });
    const worker = workers[0]!;
    call(node, worker, { upstreamSeconds: 0.05, requestBytes: 100, responseBytes: 1000 }, 0.2);
    call(node, worker, { upstreamSeconds: 3, requestBytes: 50, responseBytes: 500 }, 4);
    call(node, worker, { method: "POST", status: 503 }, 0.1);
    worker.tick();
    const shown = samplesOf(scrape(worker));
    expect(shown.get(`gateway_requests_total{${USERS}}`)).toBe(2);
    expect(shown.get(`gateway_request_errors_total{${USERS}}`)).toBe(0);
    expect(shown.get(`gateway_request_bytes_total{${USERS}}`)).toBe(150);
    expect(shown.get(`gateway_response_bytes_total{${USERS}}`)).toBe(1500);
    const buckets = ["0.1", "1", "+Inf"].map((le) =>
      shown.get(`gateway_request_duration_seconds_bucket{${USERS},le="${le}"}`),
    );
    expect(buckets).toEqual([0, 1, 2]);
    expect(shown.get(`gateway_request_duration_seconds_sum{${USERS}}`)).toBeCloseTo(4.2, 6);
    expect(shown.get(`gateway_request_duration_seconds_count{${USERS}}`)).toBe(2);
    expect(shown.get(`gateway_upstream_duration_seconds_bucket{${USERS},le="0.1"}`)).toBe(1);
    expect(shown.get(`gateway_upstream_duration_seconds_sum{${USERS}}`)).toBeCloseTo(3.05, 6);
    const failed = 'method="POST",route="users",status="5xx",upstream="backend"';
    expect(shown.get(`gateway_request_errors_total{${failed}}`)).toBe(1);
    expect(shown.get(`gateway_upstream_duration_seconds_count{${failed}}`)).toBe(0);
  });

  it("is counted at the upstream that a plugin sent it to", () => {
    const { node, workers } = rig({});
    call(node, workers[0]!, { routedTo: "spare" });
    workers[0]!.tick();
    const shown = scrape(workers[0]!);
    expect(total(shown, "gateway_requests_total", 'upstream="spare"')).toBe(1);
    expect(total(shown, "gateway_requests_total")).toBe(1);
  });

  it.each([
    ["GET", 200, "GET", "2xx"],
    ["PATCH", 404, "PATCH", "4xx"],
    ["get", 101, "OTHER", "1xx"],
    ["BREW", 0, "OTHER", "other"],
    ["X-1", 999, "OTHER", "other"],
  ])("of method %s and status %d has labels of a bounded set", (method, status, shownMethod, shownStatus) => {
    const { node, workers } = rig({});
    call(node, workers[0]!, { method, status });
    workers[0]!.tick();
    const labels = `method="${shownMethod}",route="users",status="${shownStatus}",upstream="backend"`;
    expect(samplesOf(scrape(workers[0]!)).get(`gateway_requests_total{${labels}}`)).toBe(1);
  });

  it("touches neither the shared dict nor what is dear, once its series is sampled", () => {
    const { node, workers } = rig({});
    const worker = workers[0]!;
    for (let i = 0; i < 640; i++) call(node, worker);
    worker.tick();
    node.store.operations = 0;
    const reads: Record<string, number> = {};
    for (let i = 0; i < 640; i++) {
      for (const name of call(node, worker).context.reads) reads[name] = (reads[name] ?? 0) + 1;
    }
    expect(node.store.operations).toBe(0);
    expect(reads).toEqual({
      ...{ routedTo: 640, method: 640, status: 640, startSeconds: 640 },
      ...{ requestBytes: 64, responseBytes: 64, upstreamSeconds: 64, header: 1 },
    });
  });

  it("before the clock was set back does not make a counter fall", () => {
    const { node, workers } = rig({});
    const open = begin(node, workers[0]!);
    node.now -= 3600;
    end(workers[0]!, open);
    workers[0]!.tick();
    expect(total(scrape(workers[0]!), "gateway_request_duration_seconds_sum")).toBe(0);
  });
});

describe("configured labels", () => {
  it("stand behind the plugin's own, sorted", () => {
    const { node, workers } = rig({ labels: { tenant: "header:X-Tenant", page: "query:page" } });
    call(node, workers[0]!, { headers: { "x-tenant": 'a"b' }, query: { page: "7" } });
    workers[0]!.tick();
    const labels = `${USERS},page="7",tenant="a\\"b"`;
    expect(samplesOf(scrape(workers[0]!)).get(`gateway_requests_total{${labels}}`)).toBe(1);
  });
});

describe("tokens", () => {
  it("are counted by model and type", () => {
    const { node, workers } = rig({ tokens: "openai", labels: { model: "body:model" } });
    const worker = workers[0]!;
    for (let i = 0; i < 2; i++) {
      const open = begin(node, worker, { body: '{"model":"small"}' });
      const context = {
        ...open.context,
        responseHeader: (name: string) => (name === "Content-Type" ? "application/json" : undefined),
      };
      const answer = '{"model":"small","usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}';
      worker.handlers.body_filter?.(context, answer, true);
      worker.handlers.log?.(context);
    }
    worker.tick();
    const shown = samplesOf(scrape(worker));
    const labels = 'route="users",upstream="backend",model="small"';
    expect(shown.get(`gateway_ai_tokens_total{${labels},type="prompt"}`)).toBe(14);
    expect(shown.get(`gateway_ai_tokens_total{${labels},type="completion"}`)).toBe(10);
  });
});

describe("exemplars", () => {
  const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  const traced = { headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } };

  it("show the slowest trace of the last minute beside its bucket, in OpenMetrics only", () => {
    const { node, workers } = rig({ buckets: [0.1, 1] });
    const worker = workers[0]!;
    call(node, worker, traced, 0.5);
    worker.tick();
    node.now += 1;
    const quick = TRACE.replace("4bf9", "aaaa");
    call(node, worker, { headers: { traceparent: `00-${quick}-00f067aa0ba902b7-01` } }, 0.05);
    worker.tick();
    const line = (le: string): string | undefined =>
      scrape(worker, true)
        .split("\n")
        .find((text) => text.startsWith("gateway_request_duration_seconds_bucket") && text.includes(`le="${le}"`));
    expect(line("1.0")).toMatch(new RegExp(` 2 # \\{trace_id="${TRACE}"\\} 0\\.5 1700000000(\\.0)?$`, "u"));
    expect(line("0.1")).toMatch(/ 1$/u);
    expect(scrape(worker)).not.toContain("trace_id");
    node.now += 60;
    call(node, worker, { headers: { traceparent: `00-${quick}-00f067aa0ba902b7-01` } }, 0.05);
    worker.tick();
    expect(line("0.1")).toContain(quick);
  });

  it("cost one read of the header for each series and second, and none when they are off", () => {
    for (const [exemplars, expected] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const { node, workers } = rig({ exemplars });
      const reads = Array.from({ length: 10 }, () => call(node, workers[0]!, traced).context.reads).flat();
      expect(reads.filter((name) => name === "header")).toHaveLength(expected);
    }
  });
});
