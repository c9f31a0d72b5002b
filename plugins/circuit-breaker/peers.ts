import type { Handlers, Host } from "../_kit/handlers.ts";
import { adopt, rotateCounter } from "./adopt.ts";
import type { Config } from "./config.ts";
import { emitCell, emitTurnedAway } from "./metrics.ts";
import { admitToPeers } from "./peer-admission.ts";
import { newPeerGroup, refreshGroup, type PeerGroup } from "./peer-group.ts";
import { countTries } from "./peer-outcomes.ts";
import { selectPeers } from "./peer-selection.ts";
import { newRejection } from "./rejection.ts";
import { adaptThresholds, newSettings, tickSeconds } from "./settings.ts";

/** A counter that is nearly full is replaced by the request that comes next, instead of its look at the version. */
function rotateOne(group: PeerGroup): void {
  for (const cell of group.list) {
    if (cell.rotateDue) {
      const raw = rotateCounter(cell);
      if (raw !== cell.raw) {
        adopt(cell, raw, group.settings.host.clock.now());
      }
      return;
    }
  }
}

/** One breaker for each peer of the upstream. */
function peerBreakers(config: Config, host: Host): Handlers {
  const name = `peer:${host.place.upstream}`;
  const settings = newSettings(config, host, name);
  const clock = host.clock;
  const store = settings.store;
  const group = newPeerGroup(settings, name, host.place.peers, clock.now());
  const versionKey = group.versionKey;
  const rejection = newRejection(config.fallback);
  host.timer.every(tickSeconds(config), () => {
    adaptThresholds(settings);
    refreshGroup(group, clock.now());
  });
  return {
    access: (context) => {
      if (settings.rotateDue) {
        settings.rotateDue = false;
        rotateOne(group);
        return group.quickVersion === group.version
          ? undefined
          : admitToPeers(group, rejection, context, group.version);
      }
      const version = store.get(versionKey);
      return version === group.quickVersion ? undefined : admitToPeers(group, rejection, context, version);
    },
    select_upstream: (context, pool) => {
      if (group.quickVersion === false) {
        selectPeers(group, context, pool);
      }
    },
    log: (context) => {
      countTries(group, context);
    },
    admin: group.resources,
    metrics: (emit) => {
      for (const cell of group.list) {
        emitCell(cell, emit);
      }
      emitTurnedAway(settings, name, emit);
    },
  };
}

export { peerBreakers };
