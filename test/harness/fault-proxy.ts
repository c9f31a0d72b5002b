import { onTestFinished } from "vitest";
import { type Arrived, startBackend } from "./backend.ts";
import { commit, type ServerFault } from "./server-fault.ts";

/** Stands before a server that cannot be told to fail. */
export interface FaultProxy {
  readonly url: string;
  /** What goes wrong with requests that come from now on; those under way go on. */
  fault: ServerFault | undefined;
  readonly arrived: readonly Arrived[];
}

/** Ends with the test. @param target `http://host:port` */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = await startBackend();
  const proxy: FaultProxy = { url: `http://${server.target}`, fault: undefined, arrived: server.arrived };
  server.respond = async ({ method, url, headers }, response) => {
    if (await commit(proxy.fault, response)) return;
    const { host: _host, connection: _connection, ...passed } = headers;
    const answer = await fetch(target + url, { method, headers: passed as Record<string, string> });
    const body = Buffer.from(await answer.arrayBuffer());
    const { "transfer-encoding": _encoding, "content-length": _length, ...kept } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { ...kept, "Content-Length": body.length }).end(body);
  };
  onTestFinished(() => server.stop());
  return proxy;
}
