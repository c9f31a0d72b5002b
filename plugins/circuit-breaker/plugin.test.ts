import { describe, expect, it } from "vitest";
import { FAILED, OK, begin, call, end, rig, shown, type Rig } from "../../test/harness/breaker-rig.ts";

/** Trips at the second call if both fail. */
const QUICK = { minimum_calls: 2, half_open: { calls: 2, timeout_seconds: 10 } };

function changes({ node }: Rig): string[] {
  return node.events.map(({ from, to }) => `${from} ${to}`);
}

function trip({ node, workers }: Rig): void {
  call(node, workers[0]!, FAILED);
  call(node, workers[0]!, FAILED);
}

describe("closed", () => {
  it("lets requests through and counts them over all workers", () => {
    const { node, workers } = rig({}, { workers: 2 });
    for (const worker of workers) for (let i = 0; i < 10; i++) expect(call(node, worker, OK)).toBeUndefined();
    expect(shown(workers[1]!)).toMatchObject({ state: "closed", calls: 20, failure_rate: 0 });
  });

  it.each(["time", "count"])("opens when failures over all workers reach the threshold (%s window)", (type) => {
    const breaker = rig({ minimum_calls: 20, window: { type } }, { workers: 4 });
    const { node, workers } = breaker;
    for (let i = 0; i < 19; i++) expect(call(node, workers[i % 4]!, i % 2 === 0 ? FAILED : OK)).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("closed");
    call(node, workers[3]!, OK);
    for (const worker of workers) expect(call(node, worker)).toMatchObject({ kind: "reject", status: 503 });
    expect(changes(breaker)).toEqual(["closed open"]);
    expect(node.events[0]?.inputs).toMatchObject({ calls: 20, failures: 10, failure_threshold: 50 });
  });

  it("opens on slow calls", () => {
    const breaker = rig({ minimum_calls: 2, slow_call: { seconds: 1, rate: 50 } });
    const { node, workers } = breaker;
    const [slow, quick] = [begin(node, workers[0]!), begin(node, workers[0]!)];
    end(workers[0]!, quick, OK);
    node.now += 1.5;
    end(workers[0]!, slow, { status: 200, upstreamSeconds: 1.4 });
    expect(node.events[0]).toMatchObject({ to: "open", reason: "too many slow calls" });
  });

  it("does not blame the upstream for a slow client", () => {
    const { node, workers } = rig({ minimum_calls: 1, slow_call: { seconds: 1, rate: 50 } });
    const open = begin(node, workers[0]!);
    node.now += 9;
    end(workers[0]!, open, { status: 200, upstreamSeconds: 0.1 });
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", calls: 1, slow_rate: 0 });
  });

  it.each([
    ["an answer of the gateway itself", { proxied: false, status: 500 }, { calls: 0 }],
    ["a client that leaves", { status: 499 }, { calls: 0 }],
    ["a status that is not listed", { status: 500 }, { calls: 1, failure_rate: 0 }],
    ["a listed status", { status: 429 }, { calls: 1, failure_rate: 100 }],
    ["a 502 of the upstream", { status: 502 }, { calls: 1, failure_rate: 0 }],
    ["a refused connection", { status: 502, upstreamFailed: true }, { calls: 1, failure_rate: 100 }],
    ["a timeout", { status: 504, upstreamFailed: true }, { calls: 1, failure_rate: 100 }],
  ])("judges %s", (_, outcome, expected) => {
    const { node, workers } = rig({ failure_statuses: ["429"] });
    call(node, workers[0]!, outcome);
    expect(shown(workers[0]!)).toMatchObject(expected);
  });

  it("counts a client that leaves after the call was slow as slow", () => {
    const { node, workers } = rig({ slow_call: { seconds: 1 } });
    const open = begin(node, workers[0]!);
    node.now += 2;
    end(workers[0]!, open, { status: 499 });
    expect(shown(workers[0]!)).toMatchObject({ calls: 1, slow_rate: 100, failure_rate: 0 });
  });

  it("forgets calls that leave the time window", () => {
    const { node, workers } = rig({ minimum_calls: 10 });
    for (let i = 0; i < 9; i++) call(node, workers[0]!, FAILED);
    node.now += 11;
    call(node, workers[0]!, FAILED);
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", calls: 1 });
  });

  it("sees after a tick what other workers counted in slots that are over", () => {
    const { node, workers } = rig({ minimum_calls: 10 }, { workers: 2 });
    const [one, two] = [workers[0]!, workers[1]!];
    call(node, two, OK);
    for (let i = 0; i < 8; i++) call(node, one, FAILED);
    expect(shown(two).calls).toBe(1);
    node.now += 1;
    two.tick();
    expect(shown(two).calls).toBe(9);
    call(node, two, OK);
    expect(shown(two).state).toBe("open");
  });

  it("sees what a worker whose clock is a little behind counted late", () => {
    const { node, workers } = rig({}, { workers: 2 });
    const [one, two] = [workers[0]!, workers[1]!];
    node.now += 1;
    one.tick();
    node.now -= 0.01;
    call(node, two, OK);
    node.now += 0.5;
    one.tick();
    expect(shown(one).calls).toBe(1);
  });

  it("survives a reload with its time window and its state", () => {
    const breaker = rig({ minimum_calls: 10 });
    const { node, workers } = breaker;
    for (let i = 0; i < 9; i++) call(node, workers[0]!, FAILED);
    node.now += 3;
    const reloaded = breaker.spawn();
    expect(shown(reloaded)).toMatchObject({ calls: 9 });
    call(node, reloaded, FAILED);
    const again = breaker.spawn();
    expect(shown(again)).toMatchObject({ state: "open", attempt: 1 });
    expect(call(node, again)).toBeDefined();
  });

  it("closes one generation on when its state is lost", () => {
    const breaker = rig(QUICK);
    trip(breaker);
    breaker.node.store.remove("cb:route:users:state");
    expect(call(breaker.node, breaker.workers[0]!)).toBeUndefined();
    expect(shown(breaker.workers[0]!)).toMatchObject({ state: "closed", generation: 2 });
  });

  it("replaces a state that it cannot read", () => {
    const breaker = rig(QUICK);
    breaker.node.store.set("cb:route:users:state", "something else");
    expect(call(breaker.node, breaker.workers[0]!)).toBeUndefined();
    expect(shown(breaker.workers[0]!)).toMatchObject({ state: "closed", generation: 1 });
  });

  it("keeps scopes apart by name", () => {
    const breaker = rig({ ...QUICK, scope: "upstream" });
    expect(shown(breaker.workers[0]!).state).toBe("closed");
    expect(breaker.workers[0]!.handlers.admin?.[0]?.id).toBe("upstream:backend");
  });

  it("trips earlier under pressure, from the next tick on", () => {
    const breaker = rig({ minimum_calls: 10, adapt: { criticality: "low" } });
    const { node, workers } = breaker;
    node.pressure = 1;
    for (let i = 0; i < 10; i++) call(node, workers[0]!, i < 3 ? FAILED : OK);
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", failure_threshold: 50 });
    workers[0]!.tick();
    call(node, workers[0]!, OK);
    expect(node.events[0]).toMatchObject({ to: "open", inputs: { failures: 3, calls: 11, failure_threshold: 20 } });
  });

  it("does not heed pressure when told not to", () => {
    const { node, workers } = rig({ adapt: { criticality: "low", pressure: false } });
    node.pressure = 1;
    workers[0]!.tick();
    expect(shown(workers[0]!).failure_threshold).toBe(50);
  });
});

describe("open", () => {
  it("ignores calls that began before", () => {
    const breaker = rig(QUICK, { workers: 2 });
    const { node, workers } = breaker;
    const late = begin(node, workers[1]!);
    trip(breaker);
    node.now += 31;
    for (let i = 0; i < 2; i++) call(node, workers[0]!, OK);
    expect(shown(workers[0]!).state).toBe("closed");
    workers[1]!.tick();
    end(workers[1]!, late, FAILED);
    expect(shown(workers[1]!)).toMatchObject({ state: "closed", calls: 0 });
  });

  it("opens for longer each time in a row, and anew from the start after closing", () => {
    const breaker = rig({ ...QUICK, open: { seconds: 10, multiplier: 3, max_seconds: 60, jitter: 0 } });
    const { node, workers } = breaker;
    const worker = workers[0]!;
    trip(breaker);
    const spans: number[] = [];
    for (let i = 0; i < 4; i++) {
      spans.push(Number(shown(worker).until) - node.now);
      node.now += spans[i]!;
      call(node, worker, FAILED);
    }
    expect(spans.map(Math.round)).toEqual([10, 30, 60, 60]);
    node.now += 60;
    for (let i = 0; i < 2; i++) call(node, worker, OK);
    node.now += 1;
    trip(breaker);
    expect(shown(worker)).toMatchObject({ state: "open", attempt: 1 });
  });

  it("leaves open also when the clock was set back", () => {
    const breaker = rig(QUICK);
    trip(breaker);
    breaker.node.now -= 3600;
    expect(call(breaker.node, breaker.workers[0]!, OK)).toBeUndefined();
  });
});

describe("half-open", () => {
  it("closes after its probes went well", () => {
    const breaker = rig(QUICK, { workers: 2 });
    const { node, workers } = breaker;
    const [one, two] = [workers[0]!, workers[1]!];
    trip(breaker);
    expect(call(node, one)).toBeDefined();
    node.now += 31;
    const first = begin(node, one);
    const second = begin(node, two);
    expect([first.decision, second.decision]).toEqual([undefined, undefined]);
    expect(begin(node, two).decision).toBeDefined();
    end(one, first, OK);
    expect(shown(one).state).toBe("half_open");
    end(two, second, OK);
    expect(shown(one).state).toBe("closed");
    expect(changes(breaker)).toEqual(["closed open", "open half_open", "half_open closed"]);
    expect(node.store.keys().filter((key) => /lease|probe|half:/.test(key))).toEqual([]);
  });

  it("opens again as soon as the probes cannot go well any more", () => {
    const breaker = rig({ ...QUICK, half_open: { calls: 4 } });
    trip(breaker);
    breaker.node.now += 31;
    call(breaker.node, breaker.workers[0]!, FAILED);
    expect(shown(breaker.workers[0]!).state).toBe("half_open");
    call(breaker.node, breaker.workers[0]!, FAILED);
    expect(shown(breaker.workers[0]!)).toMatchObject({ state: "open", attempt: 2, reason: "the probes failed" });
  });

  it("lets a lost probe's lease expire", () => {
    const breaker = rig(QUICK);
    const { node, workers } = breaker;
    trip(breaker);
    node.now += 31;
    begin(node, workers[0]!);
    node.now += 4;
    call(node, workers[0]!, OK);
    node.now += 9.9;
    expect(call(node, workers[0]!, OK)).toBeDefined();
    node.now += 0.2;
    expect(call(node, workers[0]!, OK)).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("closed");
  });

  it("does not take another probe's lease for one that has expired", () => {
    const breaker = rig({ ...QUICK, half_open: { calls: 1, timeout_seconds: 10 } }, { workers: 3 });
    const { node, workers } = breaker;
    trip(breaker);
    node.now += 31;
    const expired = begin(node, workers[0]!);
    node.now += 10.1;
    const probe = begin(node, workers[1]!);
    expect([expired.decision, probe.decision]).toEqual([undefined, undefined]);
    end(workers[0]!, expired, { proxied: false, status: 401 });
    expect(begin(node, workers[2]!).decision).toBeDefined();
  });

  it("takes a probe's lease back when it never reached the upstream", () => {
    const breaker = rig({ ...QUICK, half_open: { calls: 1 } });
    const { node, workers } = breaker;
    trip(breaker);
    node.now += 31;
    expect(call(node, workers[0]!, { proxied: false, status: 401 })).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("half_open");
    expect(call(node, workers[0]!, OK)).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("closed");
  });

  it("decides when the worker that should have done it is gone", () => {
    const breaker = rig({ ...QUICK, half_open: { calls: 1 } });
    const { node, workers } = breaker;
    trip(breaker);
    node.now += 31;
    // The result is in, the turn was claimed, and then nothing was written.
    node.store.incr("cb:route:users:probe:1", 1, 0, 3600);
    node.store.add("cb:route:users:turn:1", 1, 1);
    expect(call(node, workers[0]!, OK)).toBeDefined();
    node.now += 1.1;
    expect(call(node, workers[0]!, OK)).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("closed");
  });
});

describe("recovery", () => {
  it("admits a rising share, in every worker from the same moment on", () => {
    const breaker = rig({ ...QUICK, recovery_seconds: 10 }, { workers: 2 });
    const { node, workers } = breaker;
    trip(breaker);
    node.now += 31;
    for (let i = 0; i < 2; i++) call(node, workers[0]!, OK);
    node.now += 5;
    workers[1]!.tick();
    for (const worker of workers) {
      node.randoms.push(0.49, 0.51);
      expect([call(node, worker), call(node, worker) !== undefined]).toEqual([undefined, true]);
    }
    node.now += 5;
    for (const worker of workers) {
      node.randoms.push(0.999);
      expect(call(node, worker)).toBeUndefined();
    }
    node.randoms.length = 0;
    expect(shown(breaker.spawn()).recovering).toBe(false);
  });
});

describe("shadow mode", () => {
  it("tracks everything and rejects nothing", () => {
    const breaker = rig(QUICK, { shadow: true });
    const { node, workers } = breaker;
    trip(breaker);
    for (let i = 0; i < 3; i++) expect(call(node, workers[0]!, FAILED)).toBeUndefined();
    expect(shown(workers[0]!)).toMatchObject({ state: "open", shadow: true });
    expect(node.store.get("cb:route:users:would_reject")).toBe(3);
    node.now += 31;
    for (let i = 0; i < 2; i++) call(node, workers[0]!, OK);
    expect(shown(workers[0]!).state).toBe("closed");
    expect(changes(breaker)).toEqual(["closed open", "open half_open", "half_open closed"]);
  });
});
