import { describe, expect, it } from "vitest";
import { FAILED, OK, begin, call, end, rig, shown } from "../../test/harness/breaker-rig.ts";

describe("closed", () => {
  it("lets requests through and counts them", () => {
    const { node, workers } = rig({}, { workers: 2 });
    for (const worker of workers) for (let i = 0; i < 10; i++) expect(call(node, worker, OK)).toBeUndefined();
    expect(shown(workers[1]!)).toMatchObject({ state: "closed", calls: 20, failure_rate: 0 });
  });

  it("opens when failures over all workers reach the threshold", () => {
    const { node, workers } = rig({ minimum_calls: 20 }, { workers: 4 });
    for (let i = 0; i < 19; i++) expect(call(node, workers[i % 4]!, i % 2 === 0 ? FAILED : OK)).toBeUndefined();
    expect(shown(workers[0]!).state).toBe("closed");
    call(node, workers[3]!, OK);
    for (const worker of workers) expect(call(node, worker)).toMatchObject({ kind: "reject", status: 503 });
    expect(node.events.map(({ from, to }) => `${from} ${to}`)).toEqual(["closed open"]);
  });
});

describe("half-open", () => {
  it("closes after its probes went well", () => {
    const { node, workers } = rig({ minimum_calls: 2, half_open: { calls: 2 } }, { workers: 2 });
    const [one, two] = [workers[0]!, workers[1]!];
    call(node, one, FAILED);
    call(node, two, FAILED);
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
    expect(node.events.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "closed open",
      "open half_open",
      "half_open closed",
    ]);
  });
});
