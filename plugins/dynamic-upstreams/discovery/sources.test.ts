import { describe, expect, it } from "vitest";
import { play } from "../../../test/harness/discovery-rig.ts";
import type { Config, SourceConfig, SourcesConfig, TargetConfig } from "../config.ts";
import { createFederation } from "./federation.ts";
import { createSources, fixedPeers } from "./sources.ts";

const COMMON: SourceConfig = { weight: 1, priority: 0, allow_empty: false };
const FILE = { ...COMMON, path: "/a.json", interval_seconds: 5 };
const target = (host: string, fields: Partial<TargetConfig> = {}): TargetConfig => ({
  host,
  port: 80,
  weight: 1,
  priority: 0,
  ...fields,
});
const config = (parts: {
  targets?: readonly TargetConfig[];
  sources?: SourcesConfig;
  also?: readonly SourcesConfig[];
}) => ({ targets: parts.targets ?? [], discovery: { ...parts.sources, also: parts.also ?? [] } }) as Config;

const EVERY: SourcesConfig = {
  http: { ...COMMON, url: "http://h/peers", headers: {}, interval_seconds: 10, timeout_seconds: 5, verify: true },
  file: FILE,
  dns: { ...COMMON, name: "d", type: "srv", servers: [], min_ttl_seconds: 1, max_ttl_seconds: 9, timeout_seconds: 2 },
  eureka: {
    ...COMMON,
    address: "http://e",
    app: "a",
    interval_seconds: 30,
    secure: false,
    timeout_seconds: 5,
    verify: true,
  },
  kubernetes: {
    ...COMMON,
    address: "http://k",
    namespace: "n",
    service: "s",
    token_file: "",
    timeout_seconds: 5,
    verify: true,
  },
  consul: {
    ...COMMON,
    address: "http://c",
    service: "s",
    tags: [],
    passing: true,
    wait_seconds: 60,
    timeout_seconds: 5,
    verify: true,
  },
};

describe("fixedPeers", () => {
  it("are the targets with an IP address", () => {
    const targets = [
      target("10.0.0.1", { weight: 3, zone: "a" }),
      target("users.internal"),
      target("FD00::1", { priority: 2 }),
    ];
    expect(fixedPeers(config({ targets }))).toEqual([
      { host: "10.0.0.1", port: 80, weight: 3, priority: 0, zone: "a" },
      { host: "fd00::1", port: 80, weight: 1, priority: 2 },
    ]);
  });
});

describe("createSources", () => {
  const named = (...args: Parameters<typeof config>) => createSources(config(...args), {} as never);

  it("has one for each target that is a name, and then each kind, in this order", () => {
    const sources = named({ targets: [target("10.0.0.1"), target("users.internal")], sources: EVERY });
    expect(sources.map(({ name }) => name)).toEqual([
      "target users.internal:80",
      "consul s at c:80",
      "kubernetes n/s at k:80",
      "eureka A at e:80",
      "dns srv d",
      "file /a.json",
      "http h:80/peers",
    ]);
  });

  it("has more of a kind by also, each with its own settings", () => {
    const sources = named({
      sources: { file: FILE },
      also: [{ file: { ...FILE, path: "/b.json", priority: 1 } }, EVERY],
    });
    expect(sources.slice(0, 3).map(({ name, settings }) => [name, settings.priority])).toEqual([
      ["file /a.json", 0],
      ["file /b.json", 1],
      ["consul s at c:80", 0],
    ]);
    expect(sources).toHaveLength(8);
  });

  it("gives each a name of its own, for what is kept is kept by name", () => {
    const http = { ...EVERY.http!, url: "http://h/peers?zone=b" };
    const sources = named({ sources: EVERY, also: [{ http }, { http: EVERY.http! }] });
    expect(sources.slice(-2).map(({ name }) => name)).toEqual(["http h:80/peers #2", "http h:80/peers #3"]);
  });

  it("makes a target's weight, priority and zone those of all its addresses", () => {
    const [source] = named({ targets: [target("users.internal", { weight: 5, priority: 2, zone: "a" })] });
    expect(source?.settings).toEqual({ weight: 5, priority: 2, zone: "a", allow_empty: false });
    expect(named({ targets: [target("users.internal")] })[0]?.settings).toEqual({
      weight: 1,
      priority: 0,
      allow_empty: false,
    });
  });

  it("goes with a federation: two files and a name", () => {
    const parts = config({
      targets: [target("10.0.0.1"), target("users.internal", { weight: 4 })],
      sources: { file: FILE },
      also: [{ file: { ...FILE, path: "/b.json", weight: 0.5, priority: 1, zone: "b" } }],
    });
    const files = { "/a.json": ['["10.0.0.3:80"]'], "/b.json": ['["10.0.0.3:80", "10.0.0.4:80"]'] };
    const dns = {
      "A users.internal": [
        { records: [{ type: "A", host: "10.0.0.2", ttlSeconds: 9, port: 0, priority: 0, weight: 0 } as const] },
      ],
      "AAAA users.internal": [{ records: [] }],
    };
    const members = createSources(parts, {} as never);
    const federation = createFederation(fixedPeers(parts), members);
    members.forEach((_member, index) => {
      const { reports } = play((ports) => createSources(parts, ports)[index]!.source, { files, dns, waits: 1 });
      for (const found of reports) federation.report(index, found, 100);
    });
    expect(federation.peers()).toEqual([
      { host: "10.0.0.1", port: 80, weight: 1, priority: 0 },
      { host: "10.0.0.2", port: 80, weight: 4, priority: 0 },
      { host: "10.0.0.3", port: 80, weight: 1, priority: 0 },
      { host: "10.0.0.4", port: 80, weight: 0.5, priority: 1, zone: "b" },
    ]);
  });
});
