import type { Store } from "../../plugins/_kit/ports.ts";
import { workerLog } from "./worker-log.ts";

/** A plugin that throws is logged at most once in this many seconds per worker; every throw is counted. */
const LOG_INTERVAL_SECONDS = 10;

interface Seen {
  loggedAt: number;
  silenced: number;
}

const seenByPlace = new LuaMap<string, Seen>();

/** The counter of a plugin's errors in the shared dict. */
export function faultKey(plugin: string): string {
  return `fault:${plugin}`;
}

/** Records that `plugin` threw in `phase`: the request goes on. `thrown` may be any Lua value. */
export function recordFault(store: Store, plugin: string, phase: string, thrown: unknown): void {
  store.incr(faultKey(plugin), 1, 0, 0);
  const now = ngx.now();
  const place = `${plugin} ${phase}`;
  let seen = seenByPlace.get(place);
  if (seen === undefined) {
    seen = { loggedAt: 0, silenced: 0 };
    seenByPlace.set(place, seen);
  }
  if (now - seen.loggedAt < LOG_INTERVAL_SECONDS) {
    seen.silenced += 1;
    return;
  }
  const more = seen.silenced > 0 ? ` (and ${tostring(seen.silenced)} times since the last such line)` : "";
  workerLog.error(`plugin "${plugin}" failed in ${phase}; the request went on without it: ${tostring(thrown)}${more}`);
  seen.loggedAt = now;
  seen.silenced = 0;
}
