import { describe, expect, it } from "vitest";
import { adaptationRig, type AdaptationRig } from "../../../test/harness/adaptation-rig.ts";
import type { DnsAnswer, DnsRecord } from "../../_kit/ports.ts";

const NAME = "gateways.test";

function record(type: "A" | "AAAA", host: string, ttlSeconds = 5): DnsRecord {
  return { type, host, ttlSeconds, port: 0, priority: 0, weight: 0 };
}

/** Answers for A and AAAA; `asked` counts the questions. */
function serving(rig: AdaptationRig, answers: Partial<Record<string, DnsAnswer>>): { asked: number } {
  const seen = { asked: 0 };
  rig.node.dns = {
    query: (name, type) => {
      seen.asked += 1;
      return name === NAME ? (answers[type] ?? { records: [] }) : { records: [], problem: "NXDOMAIN" };
    },
  };
  return seen;
}

const counts = (rig: AdaptationRig): number[] => rig.workers.map((worker) => worker.replicas());

/** Seconds in which background tasks run. */
function pass(rig: AdaptationRig, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    rig.runTasks();
    rig.pass(1);
  }
}

const many = (count: number, ttl = 5): DnsAnswer => ({
  records: Array.from({ length: count }, (_, n) => record("A", `10.0.0.${String(n)}`, ttl)),
});

describe("how many gateways there are", () => {
  it("is what the configuration says without a name", () => {
    expect(counts(adaptationRig({ replicas: 4 }))).toEqual([4, 4]);
  });

  it("is what the configuration says until the name is known, and then its addresses, in all workers", () => {
    const rig = adaptationRig({ replicas: 2, replicas_dns: NAME });
    const versions = rig.workers.map((worker) => worker.version());
    serving(rig, { A: many(3) });
    expect(counts(rig)).toEqual([2, 2]);
    pass(rig, 1);
    expect(counts(rig)).toEqual([3, 3]);
    expect(rig.workers.every((worker, index) => worker.version() > (versions[index] ?? 0))).toBe(true);
    expect(rig.node.events).toMatchObject([
      { subject: `replicas:${NAME}`, from: "2 gateways", to: "3 gateways", inputs: { replicas: 3 } },
    ]);
  });

  it("one worker asks for all, every five seconds, and later where the records live longer", () => {
    const rig = adaptationRig({ replicas_dns: NAME }, 4);
    const short = serving(rig, { A: many(2, 1) });
    pass(rig, 51);
    expect(short.asked / 2).toBeGreaterThanOrEqual(9);
    expect(short.asked / 2).toBeLessThanOrEqual(11);
    const long = serving(rig, { A: many(2, 20) });
    pass(rig, 101);
    expect(long.asked / 2).toBeLessThanOrEqual(7);
    const forever = serving(rig, { A: many(2, 86_400) });
    pass(rig, 100);
    expect(forever.asked / 2).toBeGreaterThanOrEqual(3);
  });

  it("counts an address once, and gateways with addresses of both kinds once", () => {
    const rig = adaptationRig({ replicas_dns: NAME });
    serving(rig, {
      A: { records: [record("A", "10.0.0.1"), record("A", "10.0.0.1"), record("A", "10.0.0.2")] },
      AAAA: { records: [record("AAAA", "fd00::1"), record("AAAA", "fd00::2"), record("AAAA", "fd00::3")] },
    });
    pass(rig, 1);
    expect(counts(rig)).toEqual([3, 3]);
  });

  it.each<[string, Partial<Record<string, DnsAnswer>>]>([
    ["nobody answers", { A: { records: [], problem: "timeout" } }],
    ["one kind cannot be asked for", { A: many(5), AAAA: { records: [], problem: "SERVFAIL" } }],
    ["the name has no address", { A: { records: [] } }],
  ])("the last known number is kept when %s, which is logged once", (_name, answers) => {
    const rig = adaptationRig({ replicas_dns: NAME });
    serving(rig, { A: many(3) });
    pass(rig, 1);
    serving(rig, answers);
    pass(rig, 60);
    expect(counts(rig)).toEqual([3, 3]);
    expect(new Set(rig.node.problems).size).toBe(1);
    serving(rig, { A: many(1) });
    pass(rig, 10);
    expect(counts(rig)).toEqual([1, 1]);
  });
});
