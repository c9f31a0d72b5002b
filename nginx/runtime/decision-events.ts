import { encode } from "cjson.safe";
import type { Events } from "../../plugins/_kit/ports.ts";
import { workerLog } from "./worker-log.ts";

/** Every change of behavior is one JSON object on one line of error.log, at level notice. */
export const decisionEvents: Events = {
  emit: (event) => {
    const [text] = encode({
      time: ngx.now(),
      event: "decision",
      plugin: event.plugin,
      subject: event.subject,
      from: event.from,
      to: event.to,
      reason: event.reason,
      inputs: event.inputs,
    });
    workerLog.notice(`decision ${text ?? event.subject}`);
  },
};
