import { describe, expect, it } from "vitest";
import { FAILED, OK, begin, call, end, rig, shown } from "../../test/harness/breaker-rig.ts";

function opened(fallback: object): ReturnType<typeof rig> {
  const breaker = rig({ minimum_calls: 1, open: { seconds: 30, jitter: 0 }, half_open: { calls: 1 }, fallback });
  call(breaker.node, breaker.workers[0]!, FAILED);
  return breaker;
}

describe("turning away", () => {
  it("says when to come back, in whole seconds", () => {
    const { node, workers } = opened({ body: "later", headers: { "Content-Type": "text/plain" } });
    node.now += 0.5;
    const first = call(node, workers[0]!);
    expect(first).toEqual({
      kind: "reject",
      status: 503,
      headers: { "Content-Type": "text/plain", "Retry-After": "30" },
      body: "later",
    });
    expect(call(node, workers[0]!)).toBe(first);
    node.now += 29.2;
    expect(call(node, workers[0]!)).toMatchObject({ headers: { "Retry-After": "1" } });
    expect(first).toMatchObject({ headers: { "Retry-After": "30" } });
  });

  it.each([
    ["another status", { status: 418 }],
    ["a Retry-After of its own", { headers: { "retry-after": "120" } }],
  ])("adds no Retry-After to %s", (_, fallback) => {
    const { node, workers } = opened(fallback);
    expect(call(node, workers[0]!)).not.toHaveProperty("headers.Retry-After");
  });

  it("redirects", () => {
    const { node, workers } = opened({ redirect: "https://example.com/sorry", headers: { "X-Why": "breaker" } });
    expect(call(node, workers[0]!)).toEqual({
      kind: "reject",
      status: 302,
      headers: { "X-Why": "breaker", Location: "https://example.com/sorry" },
      body: "",
    });
  });

  it("sends elsewhere, and takes nothing from how that went", () => {
    const { node, workers } = opened({ upstream: "spare" });
    const elsewhere = begin(node, workers[0]!);
    expect(elsewhere.decision).toEqual({ kind: "route", upstream: "spare" });
    node.now += 31;
    call(node, workers[0]!, OK);
    expect(shown(workers[0]!).state).toBe("closed");
    end(workers[0]!, elsewhere, { status: 500, startSeconds: node.now + 1 });
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", calls: 0 });
  });

  it("counts what it turned away", () => {
    const { node, workers } = opened({});
    for (let i = 0; i < 3; i++) call(node, workers[0]!);
    const seen = new Map<string, number>();
    workers[0]!.handlers.metrics?.((name, _type, _help, labels, value) => {
      seen.set(`${name} ${Object.values(labels).join(" ")}`, value);
    });
    expect(Object.fromEntries(seen)).toMatchObject({
      "gateway_breaker_state route:users": 2,
      "gateway_breaker_rejected_total route:users": 3,
      "gateway_breaker_would_reject_total route:users": 0,
      "gateway_breaker_transitions_total route:users open": 1,
      "gateway_breaker_transitions_total route:users closed": 0,
    });
  });
});
