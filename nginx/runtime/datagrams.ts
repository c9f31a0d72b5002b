import type { Datagrams } from "../../plugins/_kit/ports.ts";
import { dialedHost } from "./dialed-host.ts";
import { workerLog } from "./worker-log.ts";

/** A receiver that cannot be reached is told about at most once in this many seconds per worker. */
const LOG_INTERVAL_SECONDS = 60;

/** Undefined when it was sent, else why not. */
function sendOn(socket: NgxUdpSocket, payload: string): string | undefined {
  const [sent, problem] = socket.send(payload);
  return sent === undefined ? problem : undefined;
}

/**
 * UDP to `host:port`; IPv6 in brackets. A name is looked up with nginx's resolver, each time a socket is made. A socket belongs
 * to the timer run that made it: it is used for all that this run sends, and the next run makes another.
 */
export function datagramsTo(address: string): Datagrams {
  let [name, port] = string.match(address, "^(%[[%x:.]+%]):(%d+)$");
  if (name === undefined) {
    [name, port] = string.match(address, "^([^:]+):(%d+)$");
  }
  let socket: NgxUdpSocket | undefined;
  let loggedAt = -LOG_INTERVAL_SECONDS;

  function complain(problem: unknown): false {
    const now = ngx.now();
    if (now - loggedAt >= LOG_INTERVAL_SECONDS) {
      loggedAt = now;
      workerLog.warn(`nothing can be sent to ${address} by UDP: ${tostring(problem)}`);
    }
    return false;
  }

  return {
    send: (payload) => {
      if (socket !== undefined) {
        // One of an earlier run is closed, or another run's that still goes on, and then this throws.
        const [ok, failed] = pcall(sendOn, socket, payload);
        if (ok && failed === undefined) {
          return true;
        }
        socket = undefined;
      }
      const [made, unmade] = ngx.socket.udp();
      if (made === undefined) {
        return complain(unmade);
      }
      const [connected, problem] = made.setpeername(dialedHost(name ?? ""), tonumber(port) ?? 0);
      if (connected === undefined) {
        return complain(problem);
      }
      const failed = sendOn(made, payload);
      if (failed !== undefined) {
        return complain(failed);
      }
      socket = made;
      return true;
    },
  };
}
