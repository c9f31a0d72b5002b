/** What dynamic-upstreams does, whatever gateway it runs in. */
import { mkdtemp, rename, rm, writeFile, chmod } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { answering, startBackend, type Backend, type Respond } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { send, type Answer, type RequestOptions } from "../harness/http-request.ts";
import { PROBE_FILES } from "./host-probe.ts";
import type { HostKind, HostUnderTest, Written } from "./host-under-test.ts";

type AtEnd = (end: () => Promise<void>) => void;

interface UpstreamCase {
  readonly name: string;
  /** What this machine does not have for it; then it is skipped, and the name says so. */
  readonly lacks?: string;
  run(kind: HostKind, atEnd: AtEnd): Promise<void>;
}

const HAS_IPV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));

/** Says who it is. */
const naming: Respond = (_arrived, response) => void response.end(response.req.socket.localPort?.toString());

async function backends(count: number, atEnd: AtEnd): Promise<Backend[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startBackend({ respond: naming })));
  for (const backend of started) atEnd(() => backend.stop());
  return started;
}

/** gateway.yaml with one route to an upstream with these fields. */
function configOf(upstream: object, route: object = {}): Written {
  return {
    upstreams: { one: upstream },
    routes: [{ name: "users", path: "/", upstream: "one", ...route }],
  };
}

async function started(kind: HostKind, atEnd: AtEnd, config: Written): Promise<HostUnderTest> {
  const host = await kind.start(config, { workers: 2 });
  atEnd(() => host.stop());
  return host;
}

/** How often each answer came, as `status body`, over so many requests on connections of their own. */
async function answers(host: HostUnderTest, count: number, options: RequestOptions = {}) {
  const seen: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const { status, body } = await send(host.url, options);
    const key = status === 200 ? body : String(status);
    seen[key] = (seen[key] ?? 0) + 1;
  }
  return seen;
}

const ports = (list: readonly Backend[]): string[] => list.map(({ port }) => String(port)).sort();

/** Waits until only these backends answer, in every worker. */
function onlyAnswering(what: string, host: HostUnderTest, expected: readonly Backend[]): Promise<unknown> {
  return eventually(what, async () => {
    const seen = Object.keys(await answers(host, 24)).sort();
    return seen.join() === ports(expected).join();
  });
}

/** A file with peers that is replaced as a whole. */
async function peersFile(atEnd: AtEnd) {
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
async function slammingDoor(atEnd: AtEnd): Promise<{ readonly target: string; count(): number }> {
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

const json = ({ status, headers, body }: Answer): unknown[] => [
  status,
  headers["content-type"],
  (JSON.parse(body) as { error: string }).error,
];

/** Probes as often as can be, and believes the first. */
const EAGER = { interval_seconds: 0.1, timeout_seconds: 2, healthy_after: 1, unhealthy_after: 1 };

export const UPSTREAM_CASES: readonly UpstreamCase[] = [
  ...["round-robin", "least-request", "peak-ewma"].map((policy) => ({
    name: `${policy}: all peers answer, and a dead one costs no request`,
    run: async (kind: HostKind, atEnd: AtEnd) => {
      const alive = await backends(3, atEnd);
      const dead = `127.0.0.1:${String(await freePort())}`;
      const host = await started(
        kind,
        atEnd,
        configOf({
          targets: [...alive.map(({ target }) => target), dead],
          balance: { policy },
          retries: { attempts: 1, budget: 100 },
        }),
      );
      const seen = await answers(host, 80);
      expect(Object.keys(seen).sort()).toEqual(ports(alive));
    },
  })),
  {
    name: "the peer gets the request as it came, with the Host header of the client",
    run: async (kind, atEnd) => {
      const [one, dead] = [(await backends(1, atEnd))[0]!, `127.0.0.1:${String(await freePort())}`];
      const config = configOf({ targets: [one.target, dead], balance: {}, retries: { attempts: 1, budget: 100 } });
      const host = await started(kind, atEnd, config);
      for (let index = 0; index < 8; index++) {
        await send(`${host.url}/a/b?c=%2F`, { headers: { host: "shown.example" } });
        expect(one.arrived.at(-1)).toMatchObject({ url: "/a/b?c=%2F", headers: { host: "shown.example" } });
      }
      expect(one.arrived).toHaveLength(8);
    },
  },
  {
    name: "a peer with an IPv6 address is asked",
    ...(HAS_IPV6 ? {} : { lacks: "no ::1 on this machine" }),
    run: async (kind, atEnd) => {
      const server = createHttpServer((_request, response) => void response.end("six"));
      await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
      atEnd(() => new Promise<void>((resolve) => server.close(() => resolve())));
      const { port } = server.address() as AddressInfo;
      const host = await started(kind, atEnd, configOf({ targets: [`[::1]:${String(port)}`], balance: {} }));
      expect(await answers(host, 4)).toEqual({ six: 4 });
    },
  },
  {
    name: "consistent-hash: a client's requests go to one peer, in all workers, and those of all to all",
    run: async (kind, atEnd) => {
      const peers = await backends(3, atEnd);
      const balance = { policy: "consistent-hash", hash_on: ["header:X-User"] };
      const host = await started(kind, atEnd, configOf({ targets: peers.map(({ target }) => target), balance }));
      const used = new Set<string>();
      for (let user = 0; user < 30; user++) {
        const seen = Object.keys(await answers(host, 4, { headers: { "x-user": `user-${String(user)}` } }));
        expect(seen).toHaveLength(1);
        used.add(seen[0]!);
      }
      expect([...used].sort()).toEqual(ports(peers));
    },
  },
  {
    name: "peers of a file come and go without a push",
    run: async (kind, atEnd) => {
      const [first, second, third] = (await backends(3, atEnd)) as [Backend, Backend, Backend];
      const file = await peersFile(atEnd);
      await file.write([first.target, second.target]);
      const discovery = { file: { path: file.path, interval_seconds: 0.1 } };
      const host = await started(kind, atEnd, configOf({ discovery, retries: { attempts: 0 } }));
      await onlyAnswering("the first set is used", host, [first, second]);
      await file.write([second.target, third.target]);
      await onlyAnswering("the second set is used", host, [second, third]);
      const before = first.arrived.length;
      expect(await answers(host, 20)).not.toHaveProperty("502");
      expect(first.arrived.length).toBe(before);
    },
  },
  {
    name: "where no peer is left a request is answered with 503 that says so, and a peer that comes is used",
    run: async (kind, atEnd) => {
      const [one] = (await backends(1, atEnd)) as [Backend];
      const file = await peersFile(atEnd);
      await file.write([]);
      const discovery = { file: { path: file.path, interval_seconds: 0.1, allow_empty: true } };
      const host = await started(kind, atEnd, configOf({ discovery }));
      expect(json(await send(host.url))).toEqual([503, "application/json", "E_NO_PEER"]);
      await file.write([one.target]);
      await onlyAnswering("the peer is used", host, [one]);
      await file.write([]);
      await eventually("nobody is left", async () => (await send(host.url)).status === 503);
      expect(await host.log()).not.toMatch(/\[(emerg|alert|crit)\]/);
    },
  },
  {
    name: "a peer that fails its requests is ejected",
    run: async (kind, atEnd) => {
      const [sick, ...well] = (await backends(3, atEnd)) as [Backend, Backend, Backend];
      sick.respond = answering(500);
      const passive = { consecutive_errors: 3, eject_seconds: 600, max_eject_seconds: 600, max_ejected: 50 };
      const targets = [sick, ...well].map(({ target }) => target);
      const host = await started(kind, atEnd, configOf({ targets, health: { passive } }));
      await onlyAnswering("the sick peer is out", host, well);
      const { upstreams } = (await host.status()) as {
        upstreams: Record<string, { peers: Record<string, { state: string }> }>;
      };
      expect(upstreams["one"]?.peers[sick.target]?.state).toBe("ejected");
    },
  },
  {
    name: "a peer that its probes find sick gets no requests until they find it well",
    run: async (kind, atEnd) => {
      const [moody, ...well] = (await backends(3, atEnd)) as [Backend, Backend, Backend];
      let health = 200;
      moody.respond = (arrived, response) => {
        if (arrived.url === "/health") response.writeHead(health).end();
        else void naming(arrived, response);
      };
      const targets = [moody, ...well].map(({ target }) => target);
      const host = await started(kind, atEnd, configOf({ targets, health: { active: { path: "/health", ...EAGER } } }));
      await onlyAnswering("all are used", host, [moody, ...well]);
      health = 500;
      await onlyAnswering("it is out", host, well);
      health = 200;
      await onlyAnswering("it is back", host, [moody, ...well]);
    },
  },
  {
    name: "probes and discovery need no request",
    run: async (kind, atEnd) => {
      const [one] = (await backends(1, atEnd)) as [Backend];
      const file = await peersFile(atEnd);
      await file.write([one.target]);
      const discovery = { file: { path: file.path, interval_seconds: 0.1 } };
      await started(kind, atEnd, configOf({ discovery, health: { active: { path: "/health", ...EAGER } } }));
      await eventually("it is probed", () => one.arrived.length > 2);
    },
  },
  {
    name: "a push keeps what is known of peers, and ends the work of what it replaces",
    run: async (kind, atEnd) => {
      const [sick, ...well] = (await backends(3, atEnd)) as [Backend, Backend, Backend];
      const left = (await backends(1, atEnd))[0]!;
      sick.respond = answering(500);
      const passive = { consecutive_errors: 3, eject_seconds: 600, max_eject_seconds: 600, max_ejected: 50 };
      const upstream = (policy: string) => ({
        targets: [sick, ...well].map(({ target }) => target),
        balance: { policy },
        health: { passive },
      });
      const other = { targets: [left.target], health: { active: { path: "/health", ...EAGER } } };
      const config = (policy: string, more: object): Written => {
        const { upstreams, routes } = configOf(upstream(policy)) as { upstreams: object; routes: object[] };
        const extra = Object.keys(more).map((name) => ({ name, path: `/${name}`, upstream: name }));
        return { upstreams: { ...upstreams, ...more }, routes: [...routes, ...extra] };
      };
      const host = await started(kind, atEnd, config("round-robin", { other }));
      await onlyAnswering("the sick peer is out", host, well);
      await eventually("the other upstream is probed", () => left.arrived.length > 2);
      const before = sick.arrived.length;
      await host.push(config("least-request", {}));
      expect(Object.keys(await answers(host, 30)).sort()).toEqual(ports(well));
      expect(sick.arrived.length).toBe(before);
      await eventually("the other upstream is probed no more", async () => {
        const probes = left.arrived.length;
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return left.arrived.length === probes;
      });
    },
  },
  {
    name: "no more retries than the budget allows",
    run: async (kind, atEnd) => {
      const doors = [await slammingDoor(atEnd), await slammingDoor(atEnd)];
      const targets = doors.map(({ target }) => target);
      const retries = { attempts: 3, budget: 0, budget_minimum: 0 };
      const host = await started(kind, atEnd, configOf({ targets, retries }));
      for (let index = 0; index < 10; index++) expect((await send(host.url)).status).toBe(502);
      expect(doors[0]!.count() + doors[1]!.count()).toBe(10);
    },
  },
  {
    name: "a request whose retries use the budget up is answered then, and no peer is asked a second time",
    run: async (kind, atEnd) => {
      const doors = [await slammingDoor(atEnd), await slammingDoor(atEnd)];
      const targets = doors.map(({ target }) => target);
      // One retry, and the next one in a quarter of an hour.
      const retries = { attempts: 5, budget: 0, budget_minimum: 0.001 };
      const host = await started(kind, atEnd, configOf({ targets, retries }));
      expect((await send(host.url)).status).toBeGreaterThanOrEqual(500);
      expect(doors.map((door) => door.count())).toEqual([1, 1]);
      expect(await host.log()).not.toMatch(/\[(emerg|alert|crit)\]/);
    },
  },
  {
    name: "attempts are counted, and only methods that are named are sent twice",
    run: async (kind, atEnd) => {
      const doors = [await slammingDoor(atEnd), await slammingDoor(atEnd), await slammingDoor(atEnd)];
      const total = (): number => doors.reduce((sum, door) => sum + door.count(), 0);
      const targets = doors.map(({ target }) => target);
      const retries = { attempts: 2, budget: 100, budget_minimum: 100, methods: ["GET"] };
      const host = await started(kind, atEnd, configOf({ targets, retries }));
      expect((await send(host.url)).status).toBeGreaterThanOrEqual(500);
      // Each of them once: nobody is asked twice while another is left.
      expect(doors.map((door) => door.count())).toEqual([1, 1, 1]);
      expect((await send(host.url, { method: "DELETE" })).status).toBe(502);
      expect(total()).toBe(4);
    },
  },
  {
    name: "a try that may be followed by another one is given up after its own time",
    run: async (kind, atEnd) => {
      const [well, hanging] = (await backends(2, atEnd)) as [Backend, Backend];
      hanging.respond = () => undefined;
      const targets = [hanging.target, well.target];
      const retries = { attempts: 1, budget: 100, timeout_seconds: 0.2 };
      const host = await started(kind, atEnd, configOf({ targets, balance: {}, retries }));
      // Far less than the 30 seconds that the upstream has.
      const signal = AbortSignal.timeout(15_000);
      expect(await answers(host, 8, { signal })).toEqual({ [well.port]: 8 });
      expect(hanging.arrived.length).toBeGreaterThan(0);
    },
  },
  {
    name: "a peer whose breaker is open gets no request",
    run: async (kind, atEnd) => {
      const [sick, ...well] = (await backends(3, atEnd)) as [Backend, Backend, Backend];
      sick.respond = answering(500);
      const breaker = { scope: "peer", minimum_calls: 4, failure_rate: 50, open: { seconds: 600, max_seconds: 600 } };
      const targets = [sick, ...well].map(({ target }) => target);
      const upstream = { targets, balance: { policy: "least-request" } };
      const host = await started(kind, atEnd, configOf(upstream, { plugins: { "circuit-breaker": breaker } }));
      await onlyAnswering("the sick peer is left alone", host, well);
    },
  },
  {
    name: "a request that a plugin sends to another upstream goes to that one's peers",
    run: async (kind, atEnd) => {
      const [own, other] = (await backends(2, atEnd)) as [Backend, Backend];
      const host = await kind.start(
        {
          custom_plugins: ["plugins"],
          upstreams: {
            one: { targets: [own.target], balance: { policy: "least-request" } },
            other: { targets: [other.target], balance: {} },
          },
          routes: [{ name: "users", path: "/", upstream: "one", plugins: { probe: { other: "other" } } }],
        },
        { files: PROBE_FILES, workers: 2 },
      );
      atEnd(() => host.stop());
      for (let index = 0; index < 8; index++) {
        expect(await answers(host, 1, { headers: { "x-do": "route" } })).toEqual({ [other.port]: 1 });
        expect(await answers(host, 1)).toEqual({ [own.port]: 1 });
      }
    },
  },
  {
    name: "routes to one upstream share what is known of its peers, with times of their own too",
    run: async (kind, atEnd) => {
      const [sick, ...well] = (await backends(3, atEnd)) as [Backend, Backend, Backend];
      sick.respond = answering(500);
      const passive = { consecutive_errors: 3, eject_seconds: 600, max_eject_seconds: 600, max_ejected: 50 };
      const upstream = { targets: [sick, ...well].map(({ target }) => target), health: { passive } };
      const { upstreams, routes } = configOf(upstream) as { upstreams: object; routes: object[] };
      const slow = { name: "slow", path: "/slow", upstream: "one", timeouts: { read: 7 } };
      const host = await started(kind, atEnd, { upstreams, routes: [...routes, slow] });
      await onlyAnswering("the sick peer is out", host, well);
      const before = sick.arrived.length;
      for (let index = 0; index < 12; index++) expect((await send(`${host.url}/slow`)).status).toBe(200);
      expect(sick.arrived.length).toBe(before);
      const told = (await host.metrics()).split("\n").filter((line) => line.startsWith("gateway_upstream_peers{"));
      expect(told.length).toBe(new Set(told.map((line) => line.replace(/ [^ ]*$/, ""))).size);
    },
  },
];
