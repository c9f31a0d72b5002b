import { fakeContext, type FakeRequest } from "./fake-context.ts";
import { fakeNode, fakeWorker, type FakeNode, type FakeWorker } from "./fake-host.ts";
import type { Context } from "../../plugins/_kit/context.ts";
import type { ExpositionSink, Handlers, Place } from "../../plugins/_kit/handlers.ts";
import { validate } from "../../plugins/_kit/schema/index.ts";
import type { Config } from "../../plugins/endpoint-metrics/config.ts";
import manifest from "../../plugins/endpoint-metrics/manifest.ts";
import { create } from "../../plugins/endpoint-metrics/plugin.ts";

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
  readonly workers: readonly Worker[];
  /** One more worker of the same node, as after a reload or a crash. */
  spawn(written?: object): Worker;
}

/** Several workers of one node, each with one instance of endpoint-metrics. */
export function rig(written: object, options: { workers?: number; place?: Partial<Place>; node?: FakeNode } = {}): Rig {
  const node = options.node ?? fakeNode();
  const spawn = (other: object = written): Worker => {
    const worker = fakeWorker(node, options);
    return { ...worker, handlers: create(configOf(other), worker.host) };
  };
  const workers = Array.from({ length: options.workers ?? 1 }, () => spawn());
  return { node, workers, spawn };
}

/** A request between its access and its log phase. */
export interface OpenRequest {
  readonly context: Context & { readonly reads: string[] };
  readonly request: FakeRequest;
}

export function begin(node: FakeNode, worker: Worker, request: FakeRequest = {}): OpenRequest {
  const started = { startSeconds: node.now, ...request };
  const context = fakeContext(started);
  worker.handlers.access?.(context);
  return { context, request: started };
}

export function end(worker: Worker, open: OpenRequest): void {
  worker.handlers.log?.(open.context);
}

/** A whole request that took `seconds`. */
export function call(node: FakeNode, worker: Worker, request: FakeRequest = {}, seconds = 0): OpenRequest {
  const open = begin(node, worker, { startSeconds: node.now - seconds, ...request });
  end(worker, open);
  return open;
}

/** The text of a scrape at this worker. `paused` runs at each pause. */
export function scrape(worker: Worker, openMetrics = false, paused: () => void = () => undefined): string {
  let text = "";
  const sink: ExpositionSink = {
    openMetrics,
    write: (lines) => {
      text += lines;
    },
    pieces: (parts) => {
      text += parts.join("");
    },
    pause: paused,
  };
  worker.handlers.exposition?.write(sink);
  return text;
}

export { samplesOf, total } from "./metrics-text.ts";
