import { fakeContext, type FakeRequest } from "./fake-context.ts";
import { fakeNode, fakeWorker, type FakeNode, type FakeWorker } from "./fake-host.ts";
import type { Context } from "../../plugins/_kit/context.ts";
import type { Decision } from "../../plugins/_kit/decision.ts";
import type { Handlers, Place } from "../../plugins/_kit/handlers.ts";
import { validate } from "../../plugins/_kit/schema/index.ts";
import type { JsonValue } from "../../plugins/_kit/ports.ts";
import type { Config } from "../../plugins/circuit-breaker/config.ts";
import manifest from "../../plugins/circuit-breaker/manifest.ts";
import { create } from "../../plugins/circuit-breaker/plugin.ts";

/** A configuration as a user writes it, with the schema's defaults filled in. */
export function configOf(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

export interface Worker extends FakeWorker {
  readonly handlers: Handlers;
}

export interface Rig {
  readonly node: FakeNode;
  readonly config: Config;
  readonly workers: readonly Worker[];
  /** One more worker of the same node, as after a reload or a crash. */
  spawn(): Worker;
}

/** Several workers of one node with the same breaker. */
export function rig(
  written: object,
  options: { workers?: number; shadow?: boolean; place?: Partial<Place>; node?: FakeNode } = {},
): Rig {
  const node = options.node ?? fakeNode();
  const config = configOf(written);
  const spawn = (): Worker => {
    const worker = fakeWorker(node, options);
    return { ...worker, handlers: create(config, worker.host) };
  };
  const workers: Worker[] = [];
  for (let index = 0; index < (options.workers ?? 1); index++) workers.push(spawn());
  return { node, config, workers, spawn };
}

/** A request between its access and its log phase. */
export interface OpenRequest {
  readonly context: Context;
  readonly request: FakeRequest;
  readonly decision: Decision | undefined;
}

export function begin(node: FakeNode, worker: Worker, request: FakeRequest = {}): OpenRequest {
  const started = { startSeconds: node.now, ...request };
  const context = fakeContext(started);
  return { context, request: started, decision: worker.handlers.access?.(context) };
}

/** Ends a request; what is not said stays as it was. A rejected one was never proxied. */
export function end(worker: Worker, open: OpenRequest, outcome: FakeRequest = {}): void {
  Object.assign(open.request, open.decision?.kind === "reject" ? { proxied: false, status: 503 } : {}, outcome);
  worker.handlers.log?.(open.context);
}

/** A whole request in an instant. */
export function call(node: FakeNode, worker: Worker, outcome: FakeRequest = {}): Decision | undefined {
  const open = begin(node, worker);
  end(worker, open, outcome);
  return open.decision;
}

export const OK: FakeRequest = { status: 200 };
export const FAILED: FakeRequest = { status: 500 };

/** The breaker's state as the admin server shows it to this worker. */
export function shown(worker: Worker, resource = 0): { readonly [name: string]: JsonValue | undefined } {
  const found = worker.handlers.admin?.[resource];
  if (found === undefined) throw new Error("no admin resource");
  return found.get();
}
