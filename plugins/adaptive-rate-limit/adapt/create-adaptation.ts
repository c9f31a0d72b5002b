import type { Host, WorkerHost } from "../../_kit/handlers.ts";
import type { Adaptation } from "../adaptation.ts";
import type { Config } from "../config.ts";
import { readLoopState, firstLoopState, writeLoopState } from "./loop-state.ts";
import { fixedReplicas, replicasByName } from "./replica-count.ts";
import { routeLease } from "./route-lease.ts";
import { routeTraffic } from "./route-traffic.ts";
import { emitShare } from "./share-metrics.ts";
import { shareResource } from "./share-resource.ts";
import { shareView } from "./share-view.ts";
import { staleSeconds, stepLoop } from "./share-loop.ts";
import { signsOf } from "./stress-signs.ts";
import { surgeTable } from "./surge-table.ts";

/** A step is due a little early rather than a whole tick late. */
const DUE_SHARE = 0.75;
/** Of the lease that one worker leads the loop by, in ticks. */
const LEASE_TICKS = 3;
/** What the loop knows outlives so many intervals without a step, … */
const KEPT_INTERVALS = 10;
/** … and so many seconds more: a restart of all workers is shorter. */
const KEPT_SECONDS = 60;

const ofWorker = (worker: WorkerHost): WorkerHost => worker;
const never = (): boolean => false;

/** How often a worker looks at what others have written: an interval, or its nth part that is at most a second. */
function tickSeconds(intervalSeconds: number): number {
  return intervalSeconds / Math.ceil(intervalSeconds);
}

/** What adapts the limits of a route, in this worker. See README.md. */
export function createAdaptation(config: Config, host: Host): Adaptation {
  const { adapt } = config;
  const { route } = host.place;
  const { clock, json } = host;
  const worker = host.shared("worker", ofWorker);
  const store = host.store("autoscale");
  const prefix = `rl:${route}:`;
  const stateKey = `${prefix}share`;
  const overrideKey = `${prefix}by-hand`;
  const interval = adapt.interval_seconds;
  const tick = tickSeconds(interval);

  const signs = signsOf(adapt);
  const looksAtUpstream = adapt.latency_seconds !== undefined || adapt.error_rate !== undefined;
  const traffic = looksAtUpstream ? routeTraffic(store, prefix, adapt.latency_seconds !== undefined) : undefined;
  const leads = routeLease(store, `${prefix}leader`, worker.slot, LEASE_TICKS * tick);
  const view = shareView(adapt, stateKey, overrideKey, store, json);
  const replicas =
    config.replicas_dns === undefined
      ? fixedReplicas(config.replicas)
      : replicasByName(worker, config.replicas_dns, config.replicas);
  let version = 0;

  function follow(): void {
    if (view.follow()) {
      version += 1;
    }
  }

  function lead(now: number): void {
    const before = readLoopState(store.get(stateKey), json) ?? firstLoopState();
    const elapsed = now - before.atSeconds;
    if (elapsed >= 0 && elapsed < interval * DUE_SHARE) {
      return;
    }
    const sight = {
      load: worker.load(),
      traffic: traffic === undefined ? undefined : traffic.take(now, staleSeconds(adapt)),
      override: view.override(),
    };
    const { state, changes } = stepLoop(before, signs, sight, adapt, now);
    writeLoopState(store, stateKey, state, json, KEPT_INTERVALS * interval + KEPT_SECONDS);
    for (const { from, to, reason, inputs } of changes) {
      host.events.emit({ plugin: "adaptive-rate-limit", subject: `limit:${route}`, from, to, reason, inputs });
    }
  }

  follow();
  replicas.follow();
  host.timer.every(tick, () => {
    if (traffic !== undefined) {
      traffic.flush();
    }
    follow();
    if (leads()) {
      lead(clock.now());
      follow();
    }
    if (replicas.follow()) {
      version += 1;
    }
  });
  return {
    version: () => version,
    shareOf: view.shareOf,
    surges: adapt.surge_multiple === undefined ? never : surgeTable(adapt.surge_multiple),
    observe: traffic === undefined ? undefined : traffic.observe,
    replicas: replicas.count,
    resource: shareResource({ config, host, view, overrideKey, replicas: replicas.count, changed: follow }),
    metrics: (emit) => {
      emitShare(emit, route, view, replicas.count());
    },
    // Its timer ends with the instance.
    end: () => undefined,
  };
}
