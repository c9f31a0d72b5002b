/** What the cases of dynamic-upstreams begin with, whatever gateway it runs in. */
import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { startBackend, type Backend, type Respond } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { send, type Answer, type RequestOptions } from "../harness/http-request.ts";
import type { HostKind, HostUnderTest, Written } from "./host-under-test.ts";

export type AtEnd = (end: () => Promise<void>) => void;

export interface UpstreamCase {
  readonly name: string;
  /** What this machine does not have for it; then it is skipped, and the name says so. */
  readonly lacks?: string;
  run(kind: HostKind, atEnd: AtEnd): Promise<void>;
}

export const HAS_IPV6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === "::1"),
);

/** Says who it is. */
export const naming: Respond = (_arrived, response) => void response.end(response.req.socket.localPort?.toString());

export async function backends(count: number, atEnd: AtEnd): Promise<Backend[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startBackend({ respond: naming })));
  for (const backend of started) atEnd(() => backend.stop());
  return started;
}

/** gateway.yaml with one route to an upstream with these fields. */
export function configOf(upstream: object, route: object = {}): Written {
  return {
    upstreams: { one: upstream },
    routes: [{ name: "users", path: "/", upstream: "one", ...route }],
  };
}

export async function started(kind: HostKind, atEnd: AtEnd, config: Written): Promise<HostUnderTest> {
  const host = await kind.start(config, { workers: 2 });
  atEnd(() => host.stop());
  return host;
}

/** How often each answer came, as `status body`, over so many requests on connections of their own. */
export async function answers(host: HostUnderTest, count: number, options: RequestOptions = {}) {
  const seen: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const { status, body } = await send(host.url, options);
    const key = status === 200 ? body : String(status);
    seen[key] = (seen[key] ?? 0) + 1;
  }
  return seen;
}

export const ports = (list: readonly Backend[]): string[] => list.map(({ port }) => String(port)).sort();

/** Waits until only these backends answer, in every worker. */
export function onlyAnswering(what: string, host: HostUnderTest, expected: readonly Backend[]): Promise<unknown> {
  return eventually(what, async () => {
    const seen = Object.keys(await answers(host, 24)).sort();
    return seen.join() === ports(expected).join();
  });
}

/** A file with peers that is replaced as a whole. */
export async function peersFile(atEnd: AtEnd) {
  const folder = await mkdtemp(join(tmpdir(), "autoscale-peers-"));
  await chmod(folder, 0o755);
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "peers.json");
  return {
    path,
    write: async (peers: readonly string[]): Promise<void> => {
      await writeFile(`${path}.new`, JSON.stringify(peers));
      await rename(`${path}.new`, path);
    },
  };
}

/** A server that takes connections and closes them without a word. */
export async function slammingDoor(atEnd: AtEnd): Promise<{ readonly target: string; count(): number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.once("data", () => socket.destroy()).on("error", () => undefined);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  atEnd(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { target: `127.0.0.1:${String(port)}`, count: () => count };
}

export const json = ({ status, headers, body }: Answer): unknown[] => [
  status,
  headers["content-type"],
  (JSON.parse(body) as { error: string }).error,
];

/** Probes as often as can be, and believes the first. */
export const EAGER = { interval_seconds: 0.1, timeout_seconds: 2, healthy_after: 1, unhealthy_after: 1 };
