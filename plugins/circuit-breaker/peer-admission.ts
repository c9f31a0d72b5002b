import type { Context } from "../_kit/context.ts";
import type { Decision } from "../_kit/decision.ts";
import type { StoreValue } from "../_kit/ports.ts";
import type { Cell } from "./cell.ts";
import { adoptVersion, type PeerGroup } from "./peer-group.ts";
import { ask, remember } from "./peer-word.ts";
import { leaseProbe } from "./probes.ts";
import type { Rejection } from "./rejection.ts";
import { turnAway } from "./turn-away.ts";

/** Turns a request away when no peer may take it; where only probes may, it becomes one. */
function admitToPeers(
  group: PeerGroup,
  rejection: Rejection,
  context: Context,
  version: StoreValue | undefined,
): Decision | undefined {
  const settings = group.settings;
  const now = settings.host.clock.now();
  if (version !== group.version || version === undefined) {
    adoptVersion(group, version, now);
  }
  let waitSeconds = settings.config.open.max_seconds;
  let half: Cell | undefined;
  for (const cell of group.list) {
    const word = ask(cell, now);
    if (word === "yes") {
      return undefined;
    }
    if (word === "probe") {
      half = cell;
      const probe = leaseProbe(cell, now);
      if (probe !== undefined) {
        remember(cell, context, probe);
        return undefined;
      }
    } else if (cell.state.untilSeconds - now < waitSeconds) {
      waitSeconds = cell.state.untilSeconds - now;
    }
  }
  if (group.list.length === 0) {
    return undefined;
  }
  return turnAway(settings, rejection, context, half === undefined ? waitSeconds : 1);
}

export { admitToPeers };
