import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Exchange, play } from "../../../test/harness/discovery-rig.ts";
import type { EurekaConfig } from "../config.ts";
import { eurekaSource } from "./eureka-source.ts";

const CONFIG: EurekaConfig = {
  address: "http://127.0.0.1:8761/eureka/",
  app: "users",
  interval_seconds: 30,
  secure: false,
  timeout_seconds: 5,
  verify: true,
  weight: 1,
  priority: 0,
  allow_empty: false,
};

const instance = (host: string, fields: object = {}) => ({
  instanceId: `${host}:users`,
  ipAddr: host,
  status: "UP",
  port: { $: 80, "@enabled": "true" },
  ...fields,
});
const all = (...hosts: readonly string[]): Exchange => ({
  body: JSON.stringify({ application: { name: "USERS", instance: hosts.map((host) => instance(host)) } }),
});
const delta = (instances: unknown, name = "USERS"): Exchange => ({
  body: JSON.stringify({
    applications: { versions__delta: "1", apps__hashcode: "UP_1_", application: [{ name, instance: instances }] },
  }),
});
const NOTHING: Exchange = {
  body: '{"applications":{"versions__delta":"1","apps__hashcode":"UP_1_","application":[]}}',
};
const peers = (...hosts: readonly string[]) => ({
  peers: hosts.map((host) => ({ host, port: 80, weight: 1, priority: 0 })),
});

const asking = (exchanges: readonly Exchange[], config: Partial<EurekaConfig> = {}, random = 0) =>
  play((ports) => eurekaSource({ ...CONFIG, ...config }, ports), { exchanges, random });
const paths = (exchanges: readonly Exchange[], config: Partial<EurekaConfig> = {}) =>
  asking(exchanges, config).requests.map(({ path }) => path.replace("/eureka/apps/", ""));

describe("what is asked for", () => {
  it("is the application in capitals, as JSON, with basic authentication where configured", () => {
    const { requests, waits } = asking([all("10.0.0.1")], { username: "gateway", password: "s3:cret" });
    expect(requests).toMatchObject([
      {
        scheme: "http",
        host: "127.0.0.1",
        port: 8761,
        path: "/eureka/apps/USERS",
        headers: { Accept: "application/json", Authorization: "Basic Z2F0ZXdheTpzMzpjcmV0" },
        readSeconds: 5,
      },
    ]);
    expect(waits).toEqual([30]);
    expect(asking([all()]).requests[0]?.headers).toEqual({ Accept: "application/json" });
    expect(asking([all()], { app: "a/b c" }).requests[0]?.path).toBe("/eureka/apps/A%2FB%20C");
  });

  it("is what changed nine times in a row, and then all", () => {
    expect(paths([all(), ...Array.from({ length: 9 }, () => NOTHING), all(), NOTHING])).toEqual([
      "USERS",
      ...Array.from({ length: 9 }, () => "delta"),
      "USERS",
      "delta",
    ]);
  });

  it("is always all when the looks are further apart than changes are kept", () => {
    expect(paths([all(), all(), all()], { interval_seconds: 121 })).toEqual(["USERS", "USERS", "USERS"]);
    expect(paths([all(), NOTHING], { interval_seconds: 120 })).toEqual(["USERS", "delta"]);
  });

  test.each([
    ["forbidden, as where deltas are switched off", { status: 403 }],
    ["an error", { status: 500 }],
    ["no answer", { status: 0, problem: "timeout" }],
    ["no JSON", { body: "<applications/>" }],
    ["of another shape", { body: '{"applications": 5}' }],
    ["with an instance that is none", delta([{ actionType: "ADDED" }])],
    ["with an action nobody knows", delta([instance("10.0.0.3", { actionType: "MOVED" })])],
    ["with an instance without an action", delta([instance("10.0.0.3")])],
  ])("is all at once when what changed is %s", (_name, exchange) => {
    const exchanges = [all("10.0.0.1"), exchange, all("10.0.0.2"), NOTHING];
    expect(paths(exchanges)).toEqual(["USERS", "delta", "USERS", "delta"]);
    expect(asking(exchanges).reports).toEqual([peers("10.0.0.1"), peers("10.0.0.2"), peers("10.0.0.2")]);
  });

  it("is all after a problem", () => {
    const down = { status: 500 };
    expect(paths([all("10.0.0.1"), down, down, all("10.0.0.1"), NOTHING])).toEqual([
      "USERS",
      "delta",
      "USERS",
      "USERS",
      "delta",
    ]);
  });
});

describe("what changed", () => {
  it("is taken in its order, of this application alone", () => {
    const other = { name: "ORDERS", instance: [instance("10.0.9.9", { actionType: "ADDED" })] };
    const ours = {
      name: "users",
      instance: [
        instance("10.0.0.3", { actionType: "ADDED" }),
        instance("10.0.0.1", { actionType: "MODIFIED", status: "DOWN" }),
        instance("10.0.0.4", { actionType: "ADDED" }),
        instance("10.0.0.4", { actionType: "DELETED" }),
        instance("10.0.0.2", { actionType: "MODIFIED", metadata: { weight: "7" } }),
      ],
    };
    const body = JSON.stringify({ applications: { application: [other, ours, 5] } });
    expect(asking([all("10.0.0.1", "10.0.0.2"), { body }]).reports[1]).toEqual({
      peers: [
        { host: "10.0.0.2", port: 80, weight: 7, priority: 0 },
        { host: "10.0.0.3", port: 80, weight: 1, priority: 0 },
      ],
    });
  });

  it("is told again for minutes, which changes nothing more", () => {
    const added = delta([instance("10.0.0.2", { actionType: "ADDED" })]);
    const { reports } = asking([all("10.0.0.1"), added, added, added]);
    expect(reports.slice(1)).toEqual([1, 2, 3].map(() => peers("10.0.0.1", "10.0.0.2")));
  });

  it("may be one application and one instance without a list, as old versions write it", () => {
    const body = JSON.stringify({
      applications: { application: { name: "USERS", instance: instance("10.0.0.2", { actionType: "ADDED" }) } },
    });
    const first = { body: JSON.stringify({ application: { name: "USERS", instance: instance("10.0.0.1") } }) };
    expect(asking([first, { body }]).reports).toEqual([peers("10.0.0.1"), peers("10.0.0.1", "10.0.0.2")]);
  });
});

describe("an answer", () => {
  it("of 404 means that the application has no instance", () => {
    expect(asking([{ status: 404 }]).reports).toEqual([{ peers: [] }]);
  });

  it("may have no instances, or some that cannot be used", () => {
    const body = JSON.stringify({ application: { name: "USERS", instance: [instance("10.0.0.1", { port: null })] } });
    expect(asking([{ body: '{"application": {"name": "USERS"}}' }, { body }]).reports).toEqual([{ peers: [] }]);
    expect(asking([{ body }]).reports).toEqual([
      { peers: [], note: "1 left out: 10.0.0.1:users has no port that is enabled" },
    ]);
  });

  test.each([
    [{ status: 0, problem: "connection refused" }, "connection refused"],
    [{ status: 401 }, "it refused access (status 401): check what it is asked with, and what that may read"],
    [{ status: 503 }, "it answered with status 503"],
    [{ body: "<application/>" }, "its answer is not an application"],
    [{ body: '{"application": [' }, "its answer is not an application"],
    [{ body: '{"application": {"instance": [{}]}}' }, "its answer is not an application"],
  ])("that is %j is a problem", (exchange, problem) => {
    expect(asking([exchange]).reports).toEqual([{ problem }]);
  });

  it("may be anything", () => {
    const exchange = fc.record({
      status: fc.constantFrom(0, 200, 200, 404, 500),
      body: fc.oneof(fc.string(), fc.json()),
    });
    const known = fc.constantFrom(all("10.0.0.1"), NOTHING, delta([instance("10.0.0.3", { actionType: "ADDED" })]));
    fc.assert(
      fc.property(fc.array(fc.oneof(exchange, known), { minLength: 1 }), (exchanges) => {
        expect(asking(exchanges).reports.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

it("that fails is asked ever less often, and as before once it answers", () => {
  const down = { status: 500 };
  expect(asking([down, down, down, all(), NOTHING], {}, 0.5).waits).toEqual([1.5, 2.5, 4.5, 31.5, 31.5]);
});

it("is named by its application and place, without the password", () => {
  const nameOf = (config: Partial<EurekaConfig>) => eurekaSource({ ...CONFIG, ...config }, {} as never).name;
  expect([nameOf({ username: "u", password: "p" }), nameOf({ secure: true })]).toEqual([
    "eureka USERS at 127.0.0.1:8761/eureka",
    "eureka USERS secure ports at 127.0.0.1:8761/eureka",
  ]);
  expect(asking([], { address: "eureka" }).reports).toHaveLength(1);
});
