import { describe, expect, it } from "vitest";
import { FAILED, OK, call, rig, shown, type Worker } from "../../test/harness/breaker-rig.ts";

function put(worker: Worker, body: Record<string, unknown>): string | undefined {
  return worker.handlers.admin?.[0]?.put?.(body);
}

describe("overrides", () => {
  it("force open, and end by themselves", () => {
    const { node, workers } = rig({}, { workers: 2 });
    expect(put(workers[0]!, { state: "open", ttl_seconds: 60, reason: "deploy|\nby me" })).toBeUndefined();
    expect(call(node, workers[1]!)).toMatchObject({ status: 503, headers: { "Retry-After": "60" } });
    expect(shown(workers[1]!)).toMatchObject({ state: "forced_open", reason: "deploy  by me", generation: 1 });
    node.now += 60;
    expect(call(node, workers[1]!)).toBeUndefined();
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", generation: 2 });
    expect(node.events.map(({ to, reason }) => [to, reason])).toEqual([
      ["forced_open", "deploy|\nby me"],
      ["closed", "the override expired"],
    ]);
  });

  it("force closed: nothing trips", () => {
    const { node, workers } = rig({ minimum_calls: 1, recovery_seconds: 10 });
    put(workers[0]!, { state: "closed" });
    for (let i = 0; i < 50; i++) expect(call(node, workers[0]!, FAILED)).toBeUndefined();
    expect(shown(workers[0]!)).toMatchObject({ state: "forced_closed", until: node.now + 300 });
    node.now += 301;
    workers[0]!.tick();
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", recovering: false });
  });

  it("auto gives the breaker back, and does nothing when it has it", () => {
    const { node, workers } = rig({ minimum_calls: 1 }, { workers: 2 });
    put(workers[0]!, { state: "open" });
    put(workers[1]!, { state: "auto", reason: "all well" });
    expect(call(node, workers[0]!, FAILED)).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("open");
    expect(put(workers[0]!, { state: "auto" })).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("open");
  });

  it("closing ends an opening", () => {
    const { node, workers } = rig({ minimum_calls: 1 });
    call(node, workers[0]!, FAILED);
    put(workers[0]!, { state: "closed", ttl_seconds: 5 });
    expect(call(node, workers[0]!, OK)).toBeUndefined();
  });

  it("wait for a transition that is under way", () => {
    const { node, workers } = rig({});
    node.store.add("cb:route:users:turn:0", 1, 1);
    expect(put(workers[0]!, { state: "open" })).toContain("try again");
    expect(shown(workers[0]!).state).toBe("closed");
    node.now += 1.1;
    expect(put(workers[0]!, { state: "open" })).toBeUndefined();
  });

  it.each([
    [{}, "state"],
    [{ state: "ajar" }, "state"],
    [{ state: null }, "state"],
    [{ state: "open", ttl_seconds: 0 }, "ttl_seconds"],
    [{ state: "open", ttl_seconds: 86401 }, "ttl_seconds"],
    [{ state: "open", ttl_seconds: NaN }, "ttl_seconds"],
    [{ state: "open", ttl_seconds: "60" }, "ttl_seconds"],
    [{ state: "open", reason: 5 }, "reason"],
    [{ state: "open", reason: "x".repeat(201) }, "reason"],
    [{ state: "open", ttl: 60 }, '"ttl"'],
  ])("refuse %j", (body, word) => {
    const { workers } = rig({});
    expect(put(workers[0]!, body)).toContain(word);
    expect(shown(workers[0]!).state).toBe("closed");
  });
});
