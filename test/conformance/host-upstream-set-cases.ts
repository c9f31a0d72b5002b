/** Who the peers are and how they do, whatever gateway dynamic-upstreams runs in. */
import { expect } from "vitest";
import { answering, type Backend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import type { Written } from "./host-under-test.ts";
import {
  answers,
  backends,
  configOf,
  EAGER,
  json,
  naming,
  onlyAnswering,
  peersFile,
  ports,
  started,
  type UpstreamCase,
} from "./host-upstream-stage.ts";

export const UPSTREAM_SET_CASES: readonly UpstreamCase[] = [
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
