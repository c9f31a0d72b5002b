import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Duplex } from "node:stream";

/** The constant of RFC 6455, section 1.3. */
const HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * Opens a WebSocket, sends one text message and gives back the first one that comes; Node 20 has no client of its own.
 * Rejects when the server does not take the upgrade, with its status.
 *
 * @param url `http://host:port/path`
 */
export async function exchangeWebSocket(url: string, text: string): Promise<string> {
  const socket = await upgrade(url);
  try {
    const answer = readMessage(socket);
    socket.write(maskedFrame(Buffer.from(text)));
    return await answer;
  } finally {
    socket.destroy();
  }
}

function upgrade(url: string): Promise<Duplex> {
  const key = randomBytes(16).toString("base64");
  const accept = createHash("sha1")
    .update(key + HANDSHAKE)
    .digest("base64");
  const headers = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers });
    sent.once("error", reject);
    sent.once("response", (response) => reject(new Error(`no upgrade: status ${String(response.statusCode)}`)));
    sent.once("upgrade", (response, socket) => {
      if (response.headers["sec-websocket-accept"] === accept) resolve(socket);
      else reject(new Error("the server's Sec-WebSocket-Accept is wrong"));
    });
    sent.end();
  });
}

function readMessage(socket: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed before a message came")));
    socket.on("data", (part: Buffer) => {
      received = Buffer.concat([received, part]);
      const payload = firstPayload(received);
      if (payload !== undefined) resolve(payload.toString("utf8"));
    });
  });
}

/** Of an unmasked frame, which is what servers send; undefined while it is not complete. */
function firstPayload(buffer: Buffer): Buffer | undefined {
  if (buffer.length < 10 && buffer.length < 2 + ((buffer[1] ?? 0) & 0x7f)) return undefined;
  const short = (buffer[1] ?? 0) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  const length = short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short;
  return buffer.length < start + length ? undefined : buffer.subarray(start, start + length);
}

function maskedFrame(payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([head, mask, masked]);
}
