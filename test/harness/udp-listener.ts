import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export interface UdpListener {
  readonly port: number;
  /** What arrived, and from which port. */
  readonly received: { readonly text: string; readonly from: number }[];
  stop(): void;
}

async function bind(address: string): Promise<Socket> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.bind(0, address);
  await once(socket, "listening");
  return socket;
}

export async function listenUdp(address = "127.0.0.1"): Promise<UdpListener> {
  const socket = await bind(address);
  const received: UdpListener["received"] = [];
  socket.on("message", (message, { port }) => received.push({ text: message.toString(), from: port }));
  return { port: socket.address().port, received, stop: () => socket.close() };
}

/** A DNS server that knows one name, at 127.0.0.1, for a second; it knows no other. */
export async function nameServerFor(name: string): Promise<UdpListener> {
  const socket = await bind("127.0.0.1");
  const received: UdpListener["received"] = [];
  socket.on("message", (query, { port }) => {
    // 12 bytes of header, then labels with their lengths, then type and class.
    const end = query.indexOf(0, 12);
    const labels: string[] = [];
    for (let at = 12; at < end; at += (query[at] ?? 0) + 1)
      labels.push(query.toString("latin1", at + 1, at + 1 + (query[at] ?? 0)));
    const asked = labels.join(".");
    received.push({ text: asked, from: port });
    const known = asked === name && query.readUInt16BE(end + 1) === 1;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(asked === name ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(known ? 1 : 0, 6);
    header.writeUInt32BE(0, 8);
    const answer = known ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0);
    socket.send(Buffer.concat([header, query.subarray(12, end + 5), answer]), port, "127.0.0.1");
  });
  return { port: socket.address().port, received, stop: () => socket.close() };
}
