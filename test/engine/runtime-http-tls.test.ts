import { createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { selfSigned, type Certificate } from "../harness/certificate.ts";
import { eventually } from "../harness/eventually.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

interface TlsServer {
  readonly port: number;
  /** The names that clients asked for, one for each handshake; false: none. */
  readonly names: (string | false)[];
}

/** Answers "ok" to whatever comes, and keeps the connection. */
async function tlsServer({ certificate, key }: Certificate): Promise<TlsServer> {
  const names: TlsServer["names"] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer({ cert: certificate, key }, (socket) => {
    names.push(socket.servername ?? false);
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, names };
}

const trusted = selfSigned("one.test");
const other = selfSigned("one.test");

const lab = (): Promise<WorkerLab> =>
  startWorkerLab({
    http: ["lua_ssl_trusted_certificate trusted.pem;"],
    files: { "conf/trusted.pem": trusted.certificate },
  });

const ask = ({ run }: WorkerLab, port: number, tls?: object, host = "localhost") =>
  run(
    `return worker.http.request(${luaLiteral({
      method: "GET",
      scheme: "https",
      host,
      port,
      path: "/",
      headers: {},
      connectSeconds: 10,
      readSeconds: 10,
      maxBytes: 100,
      tls,
    })})`,
  );

describeWithEngine("HTTPS requests of a worker", () => {
  test("take a certificate that is trusted and has the name that was asked for", async () => {
    const worker = await lab();
    const server = await tlsServer(trusted);
    const tls = { verify: true, serverName: "one.test" };
    expect(await ask(worker, server.port, tls)).toMatchObject({ status: 200, body: "ok" });
    // The connection is used again.
    expect(await ask(worker, server.port, tls)).toMatchObject({ status: 200, body: "ok" });
    expect(server.names).toEqual(["one.test"]);
  });

  test("refuse one that nobody trusts, and one of another name; also when nothing is said of TLS", async () => {
    const worker = await lab();
    const stranger = await tlsServer(other);
    const named = { verify: true, serverName: "one.test" };
    // What exactly is wrong is lost when the handshake is over at once.
    const refused = /^TLS: (\d+: self.signed certificate|the certificate was refused)$/;
    for (let count = 0; count < 100; count++) {
      const problem = expect.stringMatching(refused) as string;
      expect(await ask(worker, stranger.port, named)).toMatchObject({ status: 0, problem });
    }
    const server = await tlsServer(trusted);
    const problem = expect.stringMatching(/^TLS: (certificate host mismatch|the certificate was refused)$/) as string;
    const mismatch = { status: 0, problem };
    expect(await ask(worker, server.port, { verify: true, serverName: "two.test" })).toMatchObject(mismatch);
    expect(await ask(worker, server.port)).toMatchObject(mismatch);
    expect(await ask(worker, server.port, undefined, "127.0.0.1")).toMatchObject(mismatch);
  });

  test("take any where it is not to be checked, and keep such connections apart", async () => {
    const worker = await lab();
    const server = await tlsServer(other);
    const unchecked = { verify: false, serverName: "one.test" };
    expect(await ask(worker, server.port, unchecked)).toMatchObject({ status: 200 });
    expect(await ask(worker, server.port, { verify: true, serverName: "one.test" })).toMatchObject({ status: 0 });
    expect(await ask(worker, server.port, { verify: false })).toMatchObject({ status: 200 });
    // An address is no name to ask for.
    expect(await ask(worker, server.port, { verify: false }, "127.0.0.1")).toMatchObject({ status: 200 });
    // One handshake each, also the one whose certificate was refused.
    await eventually("all handshakes are known", () => server.names.length === 4);
    expect(new Set(server.names)).toEqual(new Set(["one.test", "localhost", false]));
    expect(await ask(worker, server.port, unchecked)).toMatchObject({ status: 200 });
    expect(server.names).toHaveLength(4);
  });
});
