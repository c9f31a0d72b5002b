import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concurrencyRig, type LimitWorker, type OpenRequest } from "../../test/harness/concurrency-rig.ts";

const fixed = (places: number, more: object = {}): object => ({
  limit: { initial: places, min: places, max: places },
  ...more,
});
const isShed = ({ decision }: OpenRequest): boolean => decision?.kind === "reject";

describe("places", () => {
  test("two operations for a request, let in or shed, and no allocation is remembered", () => {
    const { node, workers, begin, end } = concurrencyRig(fixed(1));
    const worker = workers[0]!;
    node.store.operations = 0;
    const first = begin(worker);
    const second = begin(worker);
    end(worker, second);
    end(worker, first);
    expect([isShed(first), isShed(second), node.store.operations]).toEqual([false, true, 4]);
  });

  test("a second way through access keeps the place, and log gives it back once", () => {
    const { workers, begin, end, inFlight } = concurrencyRig(fixed(2));
    const worker = workers[0]!;
    const open = begin(worker);
    worker.handlers.access?.(open.context);
    expect(inFlight()).toBe(1);
    end(worker, open);
    end(worker, open);
    expect(inFlight()).toBe(0);
  });

  test("shares: what matters less leaves the rest to what matters more; unknown priorities are the default", () => {
    const { workers, begin } = concurrencyRig(fixed(10));
    const worker = workers[0]!;
    const letIn = (priority: string): number => {
      let count = 0;
      while (!isShed(begin(worker, priority))) count += 1;
      return count;
    };
    expect([letIn("batch"), letIn("nonsense"), letIn("normal"), letIn("critical")]).toEqual([4, 4, 0, 2]);
  });

  test("a shed answer says when to come back, one of three times", () => {
    const { node, workers, begin } = concurrencyRig(fixed(1));
    begin(workers[0]!);
    node.randoms.push(0, 0.4, 0.99);
    const answers = [1, 2, 3].map(() => begin(workers[0]!).decision);
    expect(answers.map((answer) => (answer?.kind === "reject" ? answer.headers["Retry-After"] : ""))).toEqual([
      "1",
      "2",
      "3",
    ]);
    expect(answers[0]).toMatchObject({ status: 503, headers: { "Content-Type": "application/problem+json" } });
  });

  test("a worker that dies is forgotten by the others, whoever it was, and by who takes its slot", () => {
    for (const dead of [0, 1, 2]) {
      const { node, workers, begin, pass, inFlight } = concurrencyRig(fixed(9), { workers: 3 });
      for (const worker of workers) for (let index = 0; index < 3; index++) begin(worker);
      expect(inFlight()).toBe(9);
      pass(1);
      node.dead.add(dead);
      // Who looks for the dead may have died.
      pass(5);
      expect([dead, inFlight(workers[(dead + 1) % 3])]).toEqual([dead, 6]);
    }
  });

  test("a counter that was pushed out of the dict is counted anew", () => {
    const { node, workers, begin, inFlight, pass } = concurrencyRig(fixed(9), { workers: 2 });
    for (const worker of workers) for (let index = 0; index < 3; index++) begin(worker);
    for (const key of node.store.keys()) if (key.endsWith(":total")) node.store.remove(key);
    begin(workers[0]!);
    pass(2);
    expect(inFlight()).toBe(7);
  });

  test("whatever workers do, never more than the limit are let in, and in the end nothing is under way", () => {
    const step = fc.record({
      worker: fc.nat(2),
      what: fc.constantFrom("begin", "begin", "end", "tick", "exit"),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { workers, begin, end, inFlight } = concurrencyRig(fixed(5), { workers: 3 });
        const open: { worker: LimitWorker; request: OpenRequest }[] = [];
        for (const { worker: index, what, pick } of steps) {
          const worker = workers[index]!;
          if (what === "tick") worker.tick();
          else if (what === "exit") worker.exit();
          else if (what === "begin") {
            const request = begin(worker);
            if (!isShed(request)) open.push({ worker, request });
            expect(isShed(request)).toBe(open.length === 5 && open.every((one) => one.request !== request));
          } else if (open.length > 0) {
            const [one] = open.splice(pick % open.length, 1);
            if (one !== undefined) end(one.worker, one.request);
          }
          expect(inFlight()).toBe(open.length);
          expect(open.length).toBeLessThanOrEqual(5);
        }
        for (const { worker, request } of open) end(worker, request);
        expect(inFlight()).toBe(0);
      }),
    );
  });
});

describe("the queue", () => {
  test("who waits is let in when another ends, and is shed when its time is up", () => {
    const { node, workers, begin, end, inFlight } = concurrencyRig(
      fixed(1, { queue: { depth: 2, timeout_seconds: 1 } }),
    );
    const worker = workers[0]!;
    const first = begin(worker);
    const began = node.now;
    expect(isShed(begin(worker))).toBe(true);
    expect(node.now - began).toBeCloseTo(1, 3);
    node.wait = (seconds) => {
      node.now += seconds;
      end(worker, first);
    };
    const waited = begin(worker);
    expect([isShed(waited), inFlight()]).toEqual([false, 1]);
    end(worker, waited);
    expect(inFlight()).toBe(0);
  });

  test("a more important request takes the place of a less important one in a full queue", () => {
    const { node, workers, begin, end } = concurrencyRig(fixed(1, { queue: { depth: 1, timeout_seconds: 1 } }));
    const worker = workers[0]!;
    const first = begin(worker);
    const order: string[] = [];
    let turn = 0;
    node.wait = (seconds) => {
      turn += 1;
      if (turn === 1) {
        order.push(`critical shed: ${String(isShed(begin(worker, "critical")))}`);
      } else {
        node.now += seconds;
        end(worker, first);
      }
    };
    order.push(`batch shed: ${String(isShed(begin(worker, "batch")))}`);
    expect(order).toEqual(["critical shed: false", "batch shed: true"]);
  });

  test("a clock that was set back holds nobody up", () => {
    const { node, workers, begin } = concurrencyRig(fixed(1, { queue: { depth: 1, timeout_seconds: 1 } }));
    begin(workers[0]!);
    node.wait = () => {
      node.now -= 3600;
    };
    expect(isShed(begin(workers[0]!))).toBe(true);
  });
});
