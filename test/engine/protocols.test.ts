import { createHash } from "node:crypto";
import { request } from "node:http";
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { selfSigned } from "../harness/certificate.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const all = [{ name: "all", path: "/", upstream: "one" }];
const to = (backend: Backend) => ({ upstreams: { one: { targets: [backend.target] } }, routes: all });

/** Answers RFC 6455's handshake and sends back every byte that comes. */
function echo(socket: Duplex, key: string): void {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join("\r\n")}\r\n\r\n`);
  socket.pipe(socket);
}

interface Http2Answer {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly body: string;
  readonly trailers: IncomingHttpHeaders;
}

function http2Session(url: string): ClientHttp2Session {
  const session = connect(url, { rejectUnauthorized: false });
  onTestFinished(() => {
    session.destroy();
  });
  return session;
}

function ask(session: ClientHttp2Session, headers: Record<string, string>, body = ""): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    let answered: Http2Answer["headers"] = {};
    let trailers: IncomingHttpHeaders = {};
    let text = "";
    session.once("error", reject);
    stream.once("error", reject);
    stream.on("response", (received) => (answered = received));
    stream.on("trailers", (received) => (trailers = received));
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    stream.on("end", () => resolve({ headers: answered, body: text, trailers }));
    if (body !== "") stream.end(body);
  });
}

describeWithEngine("protocols", () => {
  test("a WebSocket goes through, in both directions", async () => {
    const backend = await startBackend({ onUpgrade: echo });
    const gateway = await gatewayForTest({ ...to(backend), plugins: { "circuit-breaker": {} } });
    const heard = await new Promise<string>((resolve, reject) => {
      const key = Buffer.from("sixteen bytes ok").toString("base64");
      const headers = {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": key,
      };
      const asked = request(gateway.url, { headers });
      asked.once("error", reject);
      asked.once("response", (response) => reject(new Error(`status ${String(response.statusCode)}`)));
      asked.once("upgrade", (response, socket, head) => {
        expect(response.headers["sec-websocket-accept"]).toBeDefined();
        let text = head.toString("utf8");
        socket.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          if (text === "one") socket.write("-two");
          if (text === "one-two") {
            socket.destroy();
            resolve(text);
          }
        });
        socket.write("one");
      });
      asked.end();
    });
    expect(heard).toBe("one-two");
    await backend.stop();
  });

  test("an https upstream is asked over TLS; its certificate may be its own", async () => {
    const backend = await startBackend({ tls: selfSigned("backend.internal") });
    const gateway = await gatewayForTest({
      upstreams: { one: { protocol: "https", targets: [backend.target] } },
      routes: [{ name: "all", path: "/a", upstream: "one", strip_prefix: true }],
    });
    expect((await send(`${gateway.url}/a/b`)).status).toBe(200);
    expect(backend.arrived[0]?.url).toBe("/b");
    await backend.stop();
  });

  test("a TLS port speaks HTTP/2 and HTTP/1.1", async () => {
    const backend = await startBackend();
    const site = selfSigned("localhost");
    const listen = [
      {
        address: "127.0.0.1",
        port: await freePort(),
        tls: { certificate: "site.pem", key: "site.key" },
        http2: true,
      },
    ];
    const gateway = await gatewayForTest(
      { ...to(backend), listen },
      { files: { "site.pem": site.certificate, "site.key": site.key } },
    );
    const session = http2Session(gateway.url);
    const answers = await Promise.all(["/1", "/2", "/3"].map((path) => ask(session, { ":path": path })));
    expect(answers.map(({ headers }) => headers[":status"])).toEqual([200, 200, 200]);
    expect(session.alpnProtocol).toBe("h2");
    expect((await send(`${gateway.url}/4`)).status).toBe(200);
    expect(backend.arrived.map(({ url }) => url).sort()).toEqual(["/1", "/2", "/3", "/4"]);
    expect(backend.arrived[0]?.headers["x-forwarded-proto"]).toBe("https");
    await backend.stop();
  });

  test("gRPC: trailers, metadata and the message arrive", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer();
    server.on("stream", (stream, headers) => {
      seen.push(headers);
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "grpc-message": "fine" }));
      stream.pipe(stream);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const gateway = await gatewayForTest({
      listen: [{ address: "127.0.0.1", port: await freePort(), http2: true }],
      upstreams: { one: { protocol: "grpc", targets: [`127.0.0.1:${String(port)}`] } },
      routes: all,
      plugins: { "circuit-breaker": {} },
    });
    const session = http2Session(gateway.url);
    const call = {
      ":method": "POST",
      ":path": "/pkg.Service/Call",
      "content-type": "application/grpc",
      te: "trailers",
    };
    const answer = await ask(session, { ...call, "x-meta": "data" }, "\0\0\0\0\x05hello");
    expect(answer.headers[":status"]).toBe(200);
    expect(answer.body).toBe("\0\0\0\0\x05hello");
    expect(answer.trailers).toMatchObject({ "grpc-status": "0", "grpc-message": "fine" });
    expect(seen[0]).toMatchObject({ ":path": "/pkg.Service/Call", "x-meta": "data", "x-real-ip": "127.0.0.1" });
    expect(seen[0]?.["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    server.close();
  });
});
