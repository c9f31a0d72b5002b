/** What adapts a route's limits, in several workers of one node in memory. */
import { fakeNode, fakeWorker, type FakeNode } from "./fake-host.ts";
import { validate } from "../../plugins/_kit/schema/index.ts";
import { createAdaptation } from "../../plugins/adaptive-rate-limit/adapt/create-adaptation.ts";
import type { Adaptation } from "../../plugins/adaptive-rate-limit/adaptation.ts";
import type { Config } from "../../plugins/adaptive-rate-limit/config.ts";
import manifest from "../../plugins/adaptive-rate-limit/manifest.ts";

/** A configuration as a user writes it, with the schema's defaults filled in. */
export function limitConfig(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

export interface AdaptationRig {
  readonly node: FakeNode;
  readonly workers: readonly Adaptation[];
  /** So many timer ticks of one second pass, in all workers but dead ones. */
  pass(seconds: number): void;
  /** Worker 0, 1, … does nothing any more. */
  kill(worker: number): void;
  /** `from>to` of each event. */
  told(): string[];
  /** The share of the tier with the floor of all, as each worker has it. */
  shares(): number[];
  /** Runs the background tasks that were started. */
  runTasks(): void;
}

export function adaptationRig(written: object, count = 2): AdaptationRig {
  const node = fakeNode();
  const config = limitConfig(written);
  const hosts = Array.from({ length: count }, () => fakeWorker(node));
  const workers = hosts.map(({ host }) => createAdaptation(config, host));
  const dead = new Set<number>();
  return {
    node,
    workers,
    pass: (seconds) => {
      for (let second = 0; second < seconds; second++) {
        node.now += 1;
        for (const [index, { tick }] of hosts.entries()) if (!dead.has(index)) tick();
      }
    },
    kill: (worker) => dead.add(worker),
    told: () => node.events.map(({ from, to }) => `${from}>${to}`),
    shares: () => workers.map((worker) => worker.shareOf(config.adapt.floor, false)),
    runTasks: () => {
      for (const task of node.tasks.splice(0)) task();
    },
  };
}
