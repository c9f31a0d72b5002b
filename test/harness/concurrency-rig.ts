import { validate } from "../../plugins/_kit/schema/index.ts";
import type { Context } from "../../plugins/_kit/context.ts";
import type { Decision } from "../../plugins/_kit/decision.ts";
import type { Handlers } from "../../plugins/_kit/handlers.ts";
import type { Config } from "../../plugins/adaptive-concurrency/config.ts";
import manifest from "../../plugins/adaptive-concurrency/manifest.ts";
import { create } from "../../plugins/adaptive-concurrency/plugin.ts";
import { fakeContext, type FakeRequest } from "./fake-context.ts";
import { fakeNode, fakeWorker, type FakeNode, type FakeWorker } from "./fake-host.ts";

/** A configuration as a user writes it, with the schema's defaults filled in. */
export function concurrencyConfig(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

export interface LimitWorker extends FakeWorker {
  readonly handlers: Handlers;
}

export interface OpenRequest {
  readonly context: Context;
  readonly request: FakeRequest;
  readonly decision: Decision | undefined;
}

export interface ConcurrencyRig {
  readonly node: FakeNode;
  readonly workers: readonly LimitWorker[];
  /** One more worker of the same node. */
  spawn(): LimitWorker;
  begin(worker: LimitWorker, priority?: string): OpenRequest;
  end(worker: LimitWorker, open: OpenRequest, outcome?: FakeRequest): void;
  /** So many seconds pass: every worker's tasks run each half second. */
  pass(seconds: number): void;
  inFlight(worker?: LimitWorker): number;
}

/** Several workers of one node with the same limit, `route:users`. */
export function concurrencyRig(written: object, options: { workers?: number; shadow?: boolean } = {}): ConcurrencyRig {
  const node = fakeNode();
  const config = concurrencyConfig(written);
  const workers: LimitWorker[] = [];
  const spawn = (): LimitWorker => {
    const worker = fakeWorker(node, options);
    const made = { ...worker, handlers: create(config, worker.host) };
    workers.push(made);
    return made;
  };
  for (let index = 0; index < (options.workers ?? 1); index++) spawn();
  return {
    node,
    workers,
    spawn,
    begin: (worker, priority = "critical") => {
      const request: FakeRequest = {
        startSeconds: node.now,
        headers: { "x-priority": priority },
        upstreamSeconds: 0.05,
      };
      const context = fakeContext(request);
      return { context, request, decision: worker.handlers.access?.(context) };
    },
    end: (worker, open, outcome = {}) => {
      Object.assign(open.request, outcome);
      worker.handlers.log?.(open.context);
    },
    pass: (seconds) => {
      for (let passed = 0; passed < seconds; passed += 0.5) {
        node.now += 0.5;
        for (const [slot, worker] of workers.entries()) if (!node.dead.has(slot)) worker.tick();
      }
    },
    inFlight: (worker = workers[0]) => {
      const shown = worker?.handlers.admin?.[0]?.get();
      return Number(shown?.["in_flight"]);
    },
  };
}
