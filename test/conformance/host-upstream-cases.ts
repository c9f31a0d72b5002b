/** Which peer a request goes to, and how often it is tried, whatever gateway dynamic-upstreams runs in. */
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { answering, type Backend } from "../harness/backend.ts";
import { freePort } from "../harness/free-port.ts";
import { send } from "../harness/http-request.ts";
import { PROBE_FILES } from "./host-probe.ts";
import type { HostKind } from "./host-under-test.ts";
import {
  answers,
  backends,
  configOf,
  HAS_IPV6,
  onlyAnswering,
  ports,
  slammingDoor,
  started,
  type AtEnd,
  type UpstreamCase,
} from "./host-upstream-stage.ts";

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
];
