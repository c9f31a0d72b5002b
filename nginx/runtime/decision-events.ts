import type { Events } from "../../plugins/_kit/ports.ts";
import { decisionRing, type DecisionRing } from "./decision-ring.ts";
import { decisionText } from "./decision-text.ts";
import { workerLog } from "./worker-log.ts";

let ring: DecisionRing | undefined;

/** The ring in the gateway's own dict; undefined where there is no such dict. */
export function decisions(): DecisionRing | undefined {
  const dict = ngx.shared["autoscale"];
  if (ring === undefined && dict !== undefined) {
    ring = decisionRing(dict);
  }
  return ring;
}

/** Every change of behavior is one JSON object: a line of error.log at level notice, and an entry of the ring. */
export const decisionEvents: Events = {
  emit: (event) => {
    const text = decisionText(event, ngx.now());
    workerLog.notice(`decision ${text}`);
    const kept = decisions();
    if (kept !== undefined) {
      kept.add(text);
    }
  },
};
