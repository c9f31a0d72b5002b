import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { play, type Script } from "../../../test/harness/discovery-rig.ts";
import type { DnsAnswer, DnsRecord, DnsType } from "../../_kit/ports.ts";
import type { DnsConfig } from "../config.ts";
import { dnsSource, targetSource } from "./dns-source.ts";

const CONFIG: DnsConfig = {
  name: "users.internal",
  type: "address",
  port: 8080,
  servers: [],
  min_ttl_seconds: 5,
  max_ttl_seconds: 60,
  timeout_seconds: 2,
  weight: 1,
  priority: 0,
  allow_empty: false,
};

const record = (type: DnsType, host: string, ttlSeconds = 30): DnsRecord => ({
  type,
  host,
  ttlSeconds,
  port: 0,
  priority: 0,
  weight: 0,
});
const a = (host: string, ttlSeconds?: number): DnsRecord => record("A", host, ttlSeconds);
const srv = (host: string, port: number, priority = 0, weight = 1): DnsRecord => ({
  ...record("SRV", host),
  port,
  priority,
  weight,
});
const found = (...records: readonly DnsRecord[]): DnsAnswer => ({ records });
const NONE: DnsAnswer = { records: [] };
const peer = (host: string, port = 8080, weight = 1, priority = 0) => ({ host, port, weight, priority });

const looking = (dns: Script["dns"] & object, config: Partial<DnsConfig> = {}, script: Script = {}) =>
  play((ports) => dnsSource({ ...CONFIG, ...config }, ports), { dns, waits: 1, ...script });

describe("addresses", () => {
  it("of both kinds are peers", () => {
    const { reports, queries } = looking({
      "A users.internal": [found(a("10.0.0.1"), a("10.0.0.2"))],
      "AAAA users.internal": [found(record("AAAA", "FD00::1"))],
    });
    expect(reports).toEqual([{ peers: [peer("10.0.0.1"), peer("10.0.0.2"), peer("fd00::1")] }]);
    expect(queries).toEqual(["A users.internal", "AAAA users.internal"]);
  });

  test.each([
    ["a", ["A users.internal 10.0.0.53 10.0.0.54:5353"]],
    ["aaaa", ["AAAA users.internal 10.0.0.53 10.0.0.54:5353"]],
  ] as const)("of type %s alone are asked for where configured, of the configured servers", (type, queries) => {
    const { A, AAAA } = { A: [found(a("10.0.0.1"))], AAAA: [found(record("AAAA", "::1"))] };
    const servers = ["10.0.0.53", "10.0.0.54:5353"];
    expect(looking({ "A users.internal": A, "AAAA users.internal": AAAA }, { type, servers }).queries).toEqual(queries);
  });

  it("of a name without any are an empty answer", () => {
    expect(looking({ "A users.internal": [NONE], "AAAA users.internal": [NONE] }).reports).toEqual([{ peers: [] }]);
  });

  it("records of another type than asked for are passed over", () => {
    expect(looking({ "A users.internal": [found(srv("x", 1), a("10.0.0.1"))] }, { type: "a" }).reports).toEqual([
      { peers: [peer("10.0.0.1")] },
    ]);
  });

  test.each(["NXDOMAIN", "SERVFAIL", "timeout"])(
    "%s of one kind is a problem, whatever the other one says",
    (problem) => {
      const { reports } = looking({
        "A users.internal": [found(a("10.0.0.1"))],
        "AAAA users.internal": [{ records: [], problem }],
      });
      expect(reports).toEqual([{ problem: `${problem} for AAAA of users.internal` }]);
    },
  );
});

describe("the next look", () => {
  test.each([
    [30, 30],
    [1, 5],
    [0, 5],
    [86400, 60],
  ])("with a time to live of %i s comes after %i s", (ttl, wait) => {
    expect(looking({ "A users.internal": [found(a("10.0.0.1", ttl))] }, { type: "a" }).waits).toEqual([wait]);
  });

  it("is decided by the record that ends first", () => {
    const { waits } = looking({
      "A users.internal": [found(a("10.0.0.1", 50), a("10.0.0.2", 20))],
      "AAAA users.internal": [found(record("AAAA", "::1", 10))],
    });
    expect(waits).toEqual([10]);
  });

  it("is soon where there was no record", () => {
    expect(looking({ "A users.internal": [NONE] }, { type: "a" }).waits).toEqual([5]);
  });

  it("comes ever later after problems", () => {
    const down: DnsAnswer = { records: [], problem: "timeout" };
    const dns = { "A users.internal": [down, down, down, found(a("10.0.0.1")), down] };
    const { waits } = looking(dns, { type: "a" }, { waits: 5, random: 0.5 });
    expect(waits).toEqual([1.5, 2.5, 4.5, 31.5, 1.5]);
  });
});

describe("SRV records", () => {
  const services = (...records: readonly DnsRecord[]) => ({ "SRV _http._tcp.users": [found(...records)] });
  const srvOf = (dns: Script["dns"] & object) => looking(dns, { type: "srv", name: "_http._tcp.users" });
  const addresses = { "A one.users": [found(a("10.0.0.1"))], "A two.users": [found(a("10.0.0.2"), a("10.0.0.3"))] };
  const both = { ...addresses, "AAAA one.users": [NONE], "AAAA two.users": [NONE] };

  it("bring ports, weights and priorities, of which only the order counts", () => {
    const { reports, queries } = srvOf({
      ...services(srv("one.users", 81, 20, 5), srv("two.users", 82, 10, 0), srv("two.users", 83, 30, 2)),
      ...both,
    });
    expect(reports).toEqual([
      {
        peers: [
          peer("10.0.0.1", 81, 5, 1),
          peer("10.0.0.2", 82, 1, 0),
          peer("10.0.0.3", 82, 1, 0),
          peer("10.0.0.2", 83, 2, 2),
          peer("10.0.0.3", 83, 2, 2),
        ],
      },
    ]);
    // Each target once.
    expect(queries).toEqual(["SRV _http._tcp.users", "A one.users", "AAAA one.users", "A two.users", "AAAA two.users"]);
  });

  it("are looked up again when the first of all records ends, those of the targets too", () => {
    const { waits } = srvOf({
      ...services(srv("one.users", 81)),
      "A one.users": [found(a("10.0.0.1", 12))],
      "AAAA one.users": [NONE],
    });
    expect(waits).toEqual([12]);
  });

  it("whose target does not exist, has no address or no port are left out", () => {
    const gone = srvOf({ ...services(srv("gone.users", 80), srv("one.users", 80)), ...both });
    expect(gone.reports).toEqual([{ peers: [peer("10.0.0.1", 80)], note: "1 left out: NXDOMAIN for A of gone.users" }]);
    const bare = srvOf({ ...services(srv("bare.users", 80)), "A bare.users": [NONE], "AAAA bare.users": [NONE] });
    expect(bare.reports).toEqual([{ peers: [], note: "1 left out: bare.users has no address" }]);
    const portless = srvOf({ ...services(srv("one.users", 0)), ...both });
    expect(portless.reports).toEqual([{ peers: [], note: "1 left out: one.users has no port" }]);
  });

  it("of whose target nobody can tell make the whole answer unsure", () => {
    const down: DnsAnswer = { records: [], problem: "SERVFAIL" };
    const { reports } = srvOf({
      ...services(srv("one.users", 80), srv("dark.users", 80)),
      ...both,
      "A dark.users": [down],
    });
    expect(reports).toEqual([{ problem: "SERVFAIL for A of dark.users" }]);
  });

  it('with the target "." say that there is no such service', () => {
    expect(srvOf(services(srv(".", 0))).reports).toEqual([{ peers: [] }]);
    expect(srvOf(services(srv("", 0))).reports).toEqual([{ peers: [] }]);
  });

  it("that are not there are a problem as with addresses", () => {
    expect(srvOf({}).reports).toEqual([{ problem: "NXDOMAIN for SRV of _http._tcp.users" }]);
  });

  it("beyond 1,000 targets are left out", () => {
    const many = Array.from({ length: 1001 }, (_, index) => `n${index}`);
    const { reports, queries } = srvOf({
      ...services(...many.map((host) => srv(host, 80))),
      ...Object.fromEntries(many.map((host, index) => [`A ${host}`, [found(a(`10.0.${index >> 8}.${index & 255}`))]])),
      ...Object.fromEntries(many.map((host) => [`AAAA ${host}`, [NONE]])),
    });
    expect([reports[0]?.peers?.length, reports[0]?.note]).toEqual([1000, "1 left out: more than 1000 targets"]);
    expect(queries).toHaveLength(2001);
  });
});

describe("a target with a name", () => {
  it("is a peer for each of its addresses", () => {
    const dns = { "A users.internal": [found(a("10.0.0.1", 100))], "AAAA users.internal": [NONE] };
    const target = { host: "users.internal", port: 81, weight: 5, priority: 1, zone: "a" };
    const { reports, waits } = play((ports) => targetSource(target, ports), { dns, waits: 1 });
    // Weight, priority and zone are the source's settings: see sources.ts.
    expect([reports, waits]).toEqual([[{ peers: [peer("10.0.0.1", 81)] }], [100]]);
    expect(targetSource(target, {} as never).name).toBe("target users.internal:81");
  });
});

it("is named by all that its answer depends on", () => {
  const nameOf = (config: Partial<DnsConfig>) => dnsSource({ ...CONFIG, ...config }, {} as never).name;
  expect([nameOf({}), nameOf({ type: "srv", name: "_http._tcp.users", servers: ["10.0.0.53"] })]).toEqual([
    "dns address users.internal:8080",
    "dns srv _http._tcp.users at 10.0.0.53",
  ]);
});

it("takes whatever records come", () => {
  const any = fc.record({
    type: fc.constantFrom<DnsType>("A", "AAAA", "SRV"),
    host: fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom("x", ".", "__proto__")),
    ttlSeconds: fc.nat(),
    port: fc.nat({ max: 70_000 }),
    priority: fc.nat({ max: 65_535 }),
    weight: fc.nat({ max: 65_535 }),
  });
  const answers = fc.record({
    records: fc.array(any),
    problem: fc.option(fc.constant("SERVFAIL"), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(answers as fc.Arbitrary<DnsAnswer>, { minLength: 1 }),
      fc.constantFrom("a", "address", "srv"),
      (list, type) => {
        const dns = {
          "A users.internal": list,
          "AAAA users.internal": list,
          "SRV users.internal": list,
          "A x": list,
          "AAAA x": list,
        };
        const { reports } = looking(dns, { type: type as "a" }, { waits: 3 });
        expect(reports).toHaveLength(3);
      },
    ),
    { numRuns: 300 },
  );
});
