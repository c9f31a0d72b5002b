/** A sequential keepalive HTTP client on a bare socket: the same bytes for every request, so that runs compare. */
import { connect } from "node:net";

const REQUEST = "GET /bench/item HTTP/1.1\r\nHost: bench.test\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n";

/**
 * Sends `count` requests one after the other and resolves when the last is answered; rejects on an answer that is not 200.
 * @param {number} port on loopback
 * @param {number} count
 * @returns {Promise<void>}
 */
export function sendRequests(port, count) {
  return new Promise((resolve, reject) => {
    let left = count;
    let answer = "";
    const open = () => {
      const socket = connect(port, "127.0.0.1");
      socket.setNoDelay(true);
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
        if (!complete(answer)) return;
        const last = --left === 0;
        const closing = /^connection: close/im.test(answer);
        const failed = !answer.startsWith("HTTP/1.1 200 ");
        const seen = answer;
        answer = "";
        if (last || closing || failed) socket.destroy();
        if (failed) reject(new Error(`the gateway answered:\n${seen}`));
        else if (last) resolve();
        else if (closing) open();
        else socket.write(REQUEST);
      });
      socket.write(REQUEST);
    };
    open();
  });
}

/** @param {string} answer */
function complete(answer) {
  const headers = answer.indexOf("\r\n\r\n");
  if (headers < 0) return false;
  const length = /^content-length: (\d+)/im.exec(answer.slice(0, headers));
  return length !== null && answer.length >= headers + 4 + Number(length[1]);
}

/**
 * One request on its own connection. @param {number} port @param {string} path
 * @returns {Promise<number>} its status
 */
export async function statusOf(port, path) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } });
  await answer.arrayBuffer();
  return answer.status;
}
