/** The health of an upstream's peers put together: probes, outlier detection, and what all workers share of both. */
import { longestEjection } from "../../_core/health/ejection.ts";
import { ejectionOf, isEjected, isUsable } from "../../_core/health/peer-condition.ts";
import type { Clock, Events, Http, Json, Log, Random, Store, Tasks } from "../../_kit/ports.ts";
import type { Config } from "../config.ts";
import { conditionChanges } from "./condition-changes.ts";
import { conditionUpkeep } from "./condition-upkeep.ts";
import type { Health } from "./health.ts";
import { healthKeys } from "./health-keys.ts";
import { healthTotals } from "./health-totals.ts";
import { outlierDetection } from "./outlier-detection.ts";
import { peerRoster } from "./peer-roster.ts";
import { createProber } from "./probe-one.ts";
import { probeVerdicts } from "./probe-verdicts.ts";
import { startProbing } from "./probing.ts";
import { sharedConditions, type SharedConditions } from "./shared-conditions.ts";

export interface HealthPorts {
  /** The dict `autoscale_upstreams`. */
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  readonly log: Log;
  readonly http: Http;
  readonly tasks: Tasks;
  readonly json: Json;
}

function isAnySick(shared: SharedConditions): boolean {
  const all = shared.all();
  for (const key in all) {
    if (all[key] !== undefined) {
      return true;
    }
  }
  return false;
}

function countEjected(shared: SharedConditions, now: number, longestSeconds: number): number {
  const all = shared.all();
  let count = 0;
  for (const key in all) {
    count += isEjected(ejectionOf(all[key]), now, longestSeconds) ? 1 : 0;
  }
  return count;
}

export function createHealth(upstream: string, config: Config["health"], ports: HealthPorts): Health {
  const { active, passive } = config;
  const { store, clock, random, events, log, http, tasks } = ports;
  const longestSeconds = passive === undefined ? 0 : longestEjection(passive.eject_seconds, passive.max_eject_seconds);
  const keys = healthKeys(upstream);
  const roster = peerRoster();
  const totals = healthTotals(keys, store);
  const shared = sharedConditions(keys, config, ports);
  const changes = conditionChanges({ upstream, keys, shared, totals, store, clock, events, log, longestSeconds });
  const parts = { keys, store, random, shared, roster, changes, totals, longestSeconds };
  const upkeep = conditionUpkeep(parts);
  const verdicts = active === undefined ? undefined : probeVerdicts(active, parts);
  const detection = passive === undefined ? undefined : outlierDetection(passive, parts);
  const intervalSeconds = passive === undefined ? 0 : passive.interval_seconds;
  let ejectedBefore = 0;

  function writeVerdicts(): void {
    if (verdicts !== undefined && verdicts.waits() && changes.begin()) {
      verdicts.write();
      if (changes.end()) {
        verdicts.written();
      }
    }
  }

  return {
    of: shared.of,
    allows: (key, now) => isUsable(shared.of(key), now, longestSeconds),
    tried: (peer, status, now) => {
      if (detection !== undefined) {
        detection.tried(peer, status, now);
      }
    },
    catchUp: (now) => {
      if (detection !== undefined) {
        detection.follow(now);
      }
      writeVerdicts();
      const changed = shared.refresh();
      // Time alone lets ejected peers back, in every worker at the same moment and whoever else lives.
      const ejected = countEjected(shared, now, longestSeconds);
      const before = ejectedBefore;
      ejectedBefore = ejected;
      return changed || ejected !== before;
    },
    flush: (peers, now) => {
      roster.adopt(peers);
      if (detection !== undefined) {
        detection.flush(peers, now);
      }
      totals.flush();
    },
    sweep: (peers, now) => {
      roster.adopt(peers);
      const isOver = detection !== undefined && detection.isOver(now);
      if ((!isOver && !isAnySick(shared)) || !changes.begin()) {
        return;
      }
      upkeep.letBack(now);
      if (isOver && detection.sweep(now)) {
        upkeep.calm(now, intervalSeconds);
      }
      upkeep.forget(now);
      changes.end();
    },
    probe: (peers, running) => {
      if (active !== undefined && verdicts !== undefined) {
        const prober = createProber(active, http);
        const isFirst = store.add(keys.probed, true);
        startProbing(active, { clock, random, tasks, shared, verdicts, prober, isFirst }, peers, running);
      }
    },
  };
}
