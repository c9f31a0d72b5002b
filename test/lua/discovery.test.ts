import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SourceConfig } from "../../plugins/dynamic-upstreams/config.ts";
import { consulSource } from "../../plugins/dynamic-upstreams/discovery/consul-source.ts";
import { dnsSource } from "../../plugins/dynamic-upstreams/discovery/dns-source.ts";
import { eurekaSource } from "../../plugins/dynamic-upstreams/discovery/eureka-source.ts";
import { createFederation } from "../../plugins/dynamic-upstreams/discovery/federation.ts";
import { fileSource } from "../../plugins/dynamic-upstreams/discovery/file-source.ts";
import { httpSource } from "../../plugins/dynamic-upstreams/discovery/http-source.ts";
import { kubernetesSource } from "../../plugins/dynamic-upstreams/discovery/kubernetes-source.ts";
import type { Source, SourcePorts } from "../../plugins/dynamic-upstreams/discovery/source.ts";
import { comparable } from "../harness/comparable.ts";
import { json, play, type Script } from "../harness/discovery-rig.ts";
import {
  consulScripts,
  dnsScripts,
  eurekaScripts,
  fileScripts,
  httpScripts,
  kubernetesScripts,
  shortText,
} from "../harness/discovery-scripts.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, type LuaJit, startLuaJit } from "../harness/luajit.ts";

const FOLDER = "autoscale.plugins.dynamic-upstreams.discovery";
const COMMON: SourceConfig = { weight: 1, priority: 0, allow_empty: false };
const SERVER = { ...COMMON, timeout_seconds: 5, verify: true };
const LEAST_FINDS = 100;

let lua: LuaJit;

beforeAll(async () => {
  if (!hasLuaJit) return;
  lua = await startLuaJit(["plugins/_core", "plugins/dynamic-upstreams"]);
  await lua.run(readFileSync(new URL("discovery-driver.lua", import.meta.url), "utf8"));
});
afterAll(() => (hasLuaJit ? lua.stop() : undefined));

/** A null in a list is a hole in Lua's table. */
function withHoles(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, withHoles);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withHoles(inner)]));
}

/** As the driver takes it: a file that cannot be read is false. */
function forLua(script: Script): object {
  const files = Object.entries(script.files ?? {}).map(([path, texts]) => [path, texts.map((text) => text ?? false)]);
  return { ...script, files: Object.fromEntries(files) as unknown };
}

/** Every text that a source may decode, with what it means. */
function decodedTexts({ exchanges = [], files = {} }: Script): Readonly<Record<string, unknown>> {
  const texts = exchanges.flatMap(({ body = "", lines = [] }) => [body, ...lines]);
  const all = [...texts, ...Object.values(files).flat()].filter((text) => text !== undefined);
  return Object.fromEntries(all.map((text) => [text, withHoles(json.decode(text))]));
}

/** Plays a script here and in Lua. @returns how many reports had peers */
async function compare<Config>(
  make: (config: Config, ports: SourcePorts) => Source,
  module: string,
  config: Config,
  script: Script,
): Promise<number> {
  let name = "";
  const played = play((ports) => {
    const source = make(config, ports);
    name = source.name;
    return source;
  }, script);
  const args = [`${FOLDER}.${module}`, make.name, config, forLua(script), decodedTexts(script)];
  const [there] = await lua.run(`return play_source(${args.map(luaLiteral).join(",")})`);
  expect(comparable(there)).toEqual(comparable({ name, played }));
  return played.reports.filter(({ peers = [] }) => peers.length > 0).length;
}

/** Compares in random scripts. Peers must be found often enough: where all fails, all agrees. */
async function compareMany<Config>(
  make: (config: Config, ports: SourcePorts) => Source,
  module: string,
  configs: fc.Arbitrary<Config>,
  scripts: fc.Arbitrary<Script>,
): Promise<void> {
  let finds = 0;
  const property = fc.asyncProperty(configs, scripts, async (config, script) => {
    finds += await compare(make, module, config, script);
  });
  await fc.assert(property, { numRuns: 300 });
  expect(finds).toBeGreaterThan(LEAST_FINDS);
}

/** A config with any of these fields more. */
const withAny = <Config, More>(config: Config, more: { [Name in keyof More]: fc.Arbitrary<More[Name]> }) =>
  fc.record(more, { requiredKeys: [] }).map((fields) => ({ ...config, ...fields }));

describe.skipIf(!hasLuaJit)(
  `sources as TypeScript and as Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`,
  () => {
    test("a file", async () => {
      const config = { ...COMMON, path: "/peers.json", interval_seconds: 5 };
      await compareMany(fileSource, "file-source", fc.constant(config), fileScripts("/peers.json"));
    });

    test("an HTTP server", async () => {
      const urls = fc.constantFrom("http://h/peers?x=1", "https://[::1]:8443", "https://h", "nowhere");
      const config = { ...SERVER, headers: { Authorization: "Bearer a" }, interval_seconds: 10 };
      await compareMany(
        httpSource,
        "http-source",
        urls.map((url) => ({ ...config, url })),
        httpScripts,
      );
    });

    test("Consul", async () => {
      const config = {
        ...SERVER,
        address: "http://c:8500/",
        service: "a b/c",
        passing: true,
        wait_seconds: 60,
        tags: [],
      };
      const more = { datacenter: shortText, token: shortText, near: shortText, namespace: shortText };
      const configs = withAny(config, { tags: fc.array(shortText), passing: fc.boolean(), ...more });
      await compareMany(consulSource, "consul-source", configs, consulScripts);
    });

    test("Kubernetes", async () => {
      const config = { ...SERVER, address: "https://k", namespace: "shop", service: "users", token_file: "" };
      const port = fc.constantFrom("http", "80", "nope");
      const configs = withAny(config, { port, token_file: fc.constantFrom("", "", "/token") });
      await compareMany(kubernetesSource, "kubernetes-source", configs, kubernetesScripts);
    });

    test("Eureka", async () => {
      const config = { ...SERVER, address: "http://e/eureka/", app: "users", interval_seconds: 30, secure: false };
      const more = { secure: fc.boolean(), username: shortText, password: shortText };
      const configs = withAny(config, { interval_seconds: fc.constantFrom(30, 300), ...more });
      await compareMany(eurekaSource, "eureka-source", configs, eurekaScripts);
    });

    test("DNS", async () => {
      const limits = { min_ttl_seconds: 5, max_ttl_seconds: 60, timeout_seconds: 2 };
      const config = { ...COMMON, ...limits, name: "n", port: 80, type: "srv" as const, servers: [] };
      const type = fc.constantFrom<"a" | "aaaa" | "address" | "srv">("a", "aaaa", "address", "srv");
      const configs = withAny(config, { type, servers: fc.constantFrom([], ["10.0.0.53"]) });
      await compareMany(dnsSource, "dns-source", configs, dnsScripts);
    });

    test("a federation of them", async () => {
      const entry = fc.record(
        {
          host: fc.constantFrom("10.0.0.1", "10.0.0.2", "::1"),
          port: fc.constantFrom(80, 81),
          weight: fc.constantFrom(1, 3),
          priority: fc.nat({ max: 1 }),
          zone: shortText,
          draining: fc.constant(true),
        },
        { requiredKeys: ["host", "port", "weight", "priority"] },
      );
      const peers = fc.uniqueArray(entry, { selector: ({ host, port }) => `${host} ${port}`, maxLength: 4 });
      const settings = fc.record(
        { weight: fc.constantFrom(1, 0.5), priority: fc.nat({ max: 2 }), zone: shortText, allow_empty: fc.boolean() },
        { requiredKeys: ["weight", "priority", "allow_empty"] },
      );
      const found = fc.oneof(
        fc.record({ peers, note: shortText }, { requiredKeys: ["peers"] }),
        fc.record({ problem: shortText }),
      );
      const set = fc.record({ name: fc.constantFrom("one", "two", "gone"), peers });
      const step = fc.oneof(
        fc.tuple(fc.constant("report" as const), fc.nat({ max: 3 }), found, fc.nat()),
        fc.tuple(fc.constant("restore" as const), fc.array(set, { maxLength: 3 })),
      );
      const steps = fc.array(step, { maxLength: 12 });
      const property = fc.asyncProperty(peers, settings, settings, steps, async (fixed, one, two, steps) => {
        const members = [
          { name: "one", settings: one },
          { name: "two", settings: two },
        ];
        const here = createFederation(fixed, members);
        const there = await lua.construct(`${FOLDER}.federation`, "createFederation", fixed, members);
        for (const [name, ...args] of steps) {
          const act = here[name] as (...args: readonly unknown[]) => unknown;
          expect(await there.call(name, ...args)).toBe(act(...args));
          for (const shown of ["peers", "sets", "statuses"] as const) {
            expect(comparable(await there.call(shown))).toEqual(comparable(here[shown]()));
          }
        }
      });
      await fc.assert(property, { numRuns: 200 });
    });
  },
);
