import { describe, expect, expectTypeOf, it } from "vitest";
import { validate, type Infer } from "../_kit/schema/index.ts";
import { check } from "./check.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";

const TARGETS = { targets: [{ host: "10.0.0.1", port: 80 }] };

function configOf(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const isTaken = (written: object): boolean => validate(manifest.config, written).ok;
const discovered = (sources: object): string | undefined => check(configOf({ discovery: sources }));

describe("manifest", () => {
  it("declares the type the plugin uses", () => {
    expectTypeOf<Infer<typeof manifest.config>>().toEqualTypeOf<Config>();
  });

  it("has defaults for everything but the peers", () => {
    const config = configOf(TARGETS);
    expect(config).toEqual({
      targets: [{ host: "10.0.0.1", port: 80, weight: 1, priority: 0 }],
      discovery: { also: [] },
      balance: {
        policy: "round-robin",
        hash_on: [],
        hash_balance_factor: 1.25,
        decay_seconds: 10,
        slow_start_seconds: 0,
        slow_start_aggression: 1,
        panic_threshold: 50,
        load_blackout_seconds: 10,
        load_expiry_seconds: 180,
      },
      health: {},
      retries: {
        attempts: 1,
        methods: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
        budget: 20,
        budget_minimum: 10,
      },
    });
    expect(check(config)).toBeUndefined();
  });

  it("turns health checks on by an empty record, with all defaults", () => {
    const { health } = configOf({ ...TARGETS, health: { active: {}, passive: {} } });
    expect(health).toEqual({
      active: {
        type: "http",
        path: "/",
        interval_seconds: 5,
        timeout_seconds: 1,
        healthy_after: 2,
        unhealthy_after: 3,
        statuses: ["200-399"],
        agent: false,
        verify: true,
      },
      passive: {
        consecutive_errors: 5,
        consecutive_gateway_errors: 5,
        interval_seconds: 10,
        eject_seconds: 30,
        max_eject_seconds: 300,
        max_ejected: 10,
        success_rate_stdev: 1.9,
        success_rate_peers: 5,
        success_rate_requests: 100,
        failure_rate: 85,
        failure_rate_requests: 50,
      },
    });
  });

  it("has defaults for each kind of source", () => {
    const { discovery } = configOf({
      discovery: {
        consul: { address: "http://127.0.0.1:8500", service: "users" },
        kubernetes: { service: "users" },
        eureka: { address: "http://127.0.0.1:8761/eureka", app: "USERS" },
        dns: { name: "users.internal", port: 80 },
        file: { path: "/etc/peers.json" },
        http: { url: "http://127.0.0.1/peers?of=users" },
      },
    });
    expect(discovery.consul).toMatchObject({
      tags: [],
      passing: true,
      wait_seconds: 60,
      timeout_seconds: 5,
      verify: true,
    });
    expect(discovery.kubernetes).toMatchObject({
      address: "https://kubernetes.default.svc",
      namespace: "default",
      token_file: "/var/run/secrets/kubernetes.io/serviceaccount/token",
    });
    expect(discovery.eureka).toMatchObject({ interval_seconds: 30, secure: false });
    expect(discovery.dns).toMatchObject({
      type: "address",
      servers: [],
      min_ttl_seconds: 1,
      max_ttl_seconds: 300,
      timeout_seconds: 2,
    });
    expect(discovery.file).toEqual({
      path: "/etc/peers.json",
      interval_seconds: 5,
      weight: 1,
      priority: 0,
      allow_empty: false,
    });
    expect(discovery.http).toMatchObject({ interval_seconds: 10, headers: {}, verify: true });
  });

  it("keeps its state by upstream", () => {
    const place = { route: "users", upstream: "backend", peers: [] };
    expect(manifest.stateName?.(configOf(TARGETS), place)).toBe("upstream:backend");
  });
});

describe("rules of several fields", () => {
  it.each([
    [{}, "neither targets nor a source"],
    [{ targets: [TARGETS.targets[0], TARGETS.targets[0]] }, "targets has 10.0.0.1:80 twice"],
    [{ ...TARGETS, balance: { policy: "consistent-hash" } }, "balance.hash_on is empty"],
    [{ ...TARGETS, balance: { hash_on: ["path"] } }, "not with round-robin"],
    [{ ...TARGETS, health: { active: { statuses: ["399-200"] } } }, '"399-200"'],
    [{ ...TARGETS, health: { passive: { eject_seconds: 301 } } }, "raise max_eject_seconds"],
  ])("refuse %j", (written, words) => {
    expect(check(configOf(written))).toContain(words);
  });

  it.each([
    [{ dns: { name: "users" } }, "discovery.dns has no port"],
    [{ dns: { name: "users", type: "srv", port: 80 } }, "discovery.dns.port goes with addresses"],
    [{ dns: { name: "users", port: 80, min_ttl_seconds: 2, max_ttl_seconds: 1 } }, "is above max_ttl_seconds"],
    [{ eureka: { address: "http://a", app: "A", password: "p" } }, "only one of username and password"],
    [{ also: [{}] }, "an entry without a source"],
    [{ also: [{ dns: { name: "users" } }] }, "discovery.also.dns has no port"],
  ])("refuse discovery %j", (sources, words) => {
    expect(discovered(sources)).toContain(words);
  });

  it.each([
    { ...TARGETS, balance: { policy: "consistent-hash", hash_on: ["header:X-User", "path"] } },
    { targets: [TARGETS.targets[0], { host: "10.0.0.1", port: 81 }] },
    { discovery: { dns: { name: "_http._tcp.users", type: "srv" } } },
    { discovery: { also: [{ file: { path: "/peers.json" } }] } },
    { ...TARGETS, health: { passive: { eject_seconds: 300 } } },
  ])("take %j", (written) => {
    expect(check(configOf(written))).toBeUndefined();
  });
});

describe("texts", () => {
  const consul = (address: string): object => ({ discovery: { consul: { address, service: "users" } } });
  const servers = (server: string): object => ({ discovery: { dns: { name: "users", port: 80, servers: [server] } } });
  const hashOn = (source: string): object => ({ balance: { hash_on: [source] } });
  const tokenFile = (path: string): object => ({ discovery: { kubernetes: { service: "users", token_file: path } } });

  it.each([
    consul("http://127.0.0.1"),
    consul("https://[::1]:8500/consul"),
    consul("http://consul:65535"),
    servers("10.0.0.2"),
    servers("10.0.0.2:5353"),
    servers("::1"),
    servers("[::1]:53"),
    hashOn("cookie:session_id"),
    hashOn("client_address"),
    tokenFile(""),
    tokenFile("/run/tökén"),
  ])("%j is taken", (written) => {
    expect(isTaken(written)).toBe(true);
  });

  it.each([
    consul("127.0.0.1:8500"),
    consul("http://user:secret@127.0.0.1"),
    consul("http://127.0.0.1:65536"),
    consul("http://127.0.0.1/?token=secret"),
    consul("http://127.0.0.1 "),
    servers("dns.internal"),
    servers("10.0.0.2:0"),
    hashOn("header:"),
    hashOn("body"),
    tokenFile("/run/\u0000"),
  ])("%j is refused", (written) => {
    expect(isTaken(written)).toBe(false);
  });

  it("never shows a secret", () => {
    const secrets = { token: "s3cr3t with spaces", service: "users", address: "http://a" };
    const result = validate(manifest.config, {
      discovery: {
        consul: secrets,
        http: { url: "http://a", headers: { Authorization: "s3cr3t\n" } },
        eureka: { address: "http://a", app: "A", username: "u", password: "s3cr3t\n" },
      },
    });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain("s3cr3t");
  });
});
