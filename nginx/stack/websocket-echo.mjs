import { createHash } from "node:crypto";

/** The constant of RFC 6455, section 1.3. */
const HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Answers a WebSocket handshake and sends every message back. RFC 6455 without extensions and fragments. */
export function acceptWebSocket(request, socket) {
  const key = request.headers["sec-websocket-key"];
  if (key === undefined) {
    socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    return;
  }
  const accept = createHash("sha1")
    .update(key + HANDSHAKE)
    .digest("base64");
  const headers = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join("\r\n")}\r\n\r\n`);
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.end());

  let pending = Buffer.alloc(0);
  socket.on("data", (part) => {
    pending = Buffer.concat([pending, part]);
    for (let frame = readFrame(pending); frame !== undefined; frame = readFrame(pending)) {
      pending = pending.subarray(frame.bytes);
      if (frame.opcode === CLOSE) socket.end(writeFrame(CLOSE, frame.payload));
      else if (frame.opcode !== PONG)
        socket.write(writeFrame(frame.opcode === PING ? PONG : frame.opcode, frame.payload));
    }
  });
}

/** The first frame, or undefined while it is not complete. Lengths over 32 bits do not occur in tests. */
function readFrame(buffer) {
  if (buffer.length < 2) return undefined;
  const opcode = buffer[0] & 0x0f;
  const masked = (buffer[1] & 0x80) !== 0;
  let length = buffer[1] & 0x7f;
  let at = 2;
  if (length === 126 && buffer.length >= 4) {
    length = buffer.readUInt16BE(2);
    at = 4;
  } else if (length === 127 && buffer.length >= 10) {
    length = buffer.readUInt32BE(6);
    at = 10;
  } else if (length >= 126) return undefined;
  const maskBytes = masked ? 4 : 0;
  const bytes = at + maskBytes + length;
  if (buffer.length < bytes) return undefined;
  const mask = buffer.subarray(at, at + maskBytes);
  const payload = Buffer.from(buffer.subarray(at + maskBytes, bytes));
  if (masked) for (let i = 0; i < payload.length; i += 1) payload[i] ^= mask[i % 4];
  return { opcode, payload, bytes };
}

function writeFrame(opcode, payload) {
  const length = payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeUInt32BE(length, 6);
  return Buffer.concat([head, payload]);
}
