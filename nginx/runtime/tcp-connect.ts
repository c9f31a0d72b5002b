import type { ConnectAnswer } from "../../plugins/_kit/ports.ts";
import { byteReader } from "./byte-reader.ts";
import { connectSocket } from "./connect-socket.ts";
import { milliseconds } from "./milliseconds.ts";
import { inOwnTimer } from "./own-timer.ts";

/** A greeting is one short line. */
const MOST_BYTES = 1024;

/** The line, or what came of it before the server closed. */
function readGreeting(socket: NgxTcpSocket): ConnectAnswer {
  const reader = byteReader(() => {
    const [bytes, problem] = socket.receiveany(MOST_BYTES);
    return $multi(bytes, problem);
  });
  const line = reader.line(MOST_BYTES);
  if (line !== undefined) {
    return { line };
  }
  const problem = reader.problem();
  const rest = reader.rest();
  return problem === "closed" && rest !== "" ? { line: rest } : { problem };
}

function tryConnect(host: string, port: number, seconds: number, greeting: boolean): ConnectAnswer {
  const [socket, problem] = ngx.socket.tcp();
  if (socket === undefined) {
    return { problem };
  }
  socket.settimeout(milliseconds(seconds));
  // A pool that nobody keeps connections in: it must be a new one.
  const refusal = connectSocket(socket, host, port, { pool: "autoscale tcp" }, seconds);
  if (refusal !== undefined) {
    return { problem: refusal };
  }
  const answer = greeting ? readGreeting(socket) : {};
  socket.close();
  return answer;
}

/** Looks whether a connection can be made, in `timeoutSeconds` with all that belongs to it. */
export function tcpConnect(host: string, port: number, timeoutSeconds: number, greeting: boolean): ConnectAnswer {
  let answer: ConnectAnswer | undefined;
  const problem = inOwnTimer((watch) => {
    watch.deadline = ngx.now() + timeoutSeconds;
    answer = tryConnect(host, port, timeoutSeconds, greeting);
  });
  return answer ?? { problem: problem ?? "no answer" };
}
