import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Exchange, play } from "../../../test/harness/discovery-rig.ts";
import type { ConsulConfig } from "../config.ts";
import { consulSource, nextIndex } from "./consul-source.ts";

const CONFIG: ConsulConfig = {
  address: "http://127.0.0.1:8500",
  service: "users",
  tags: [],
  passing: true,
  wait_seconds: 60,
  timeout_seconds: 5,
  verify: true,
  weight: 1,
  priority: 0,
  allow_empty: false,
};

const answer = (index: string | undefined, seconds = 0, ...hosts: readonly string[]): Exchange => ({
  seconds,
  headers: index === undefined ? {} : { "x-consul-index": index },
  body: JSON.stringify(hosts.map((Address) => ({ Service: { Address, Port: 80 } }))),
});
const peers = (...hosts: readonly string[]) => ({
  peers: hosts.map((host) => ({ host, port: 80, weight: 1, priority: 0 })),
});

const asking = (exchanges: readonly Exchange[], config: Partial<ConsulConfig> = {}, random = 0) =>
  play((ports) => consulSource({ ...CONFIG, ...config }, ports), { exchanges, random });
const waiting = (exchanges: readonly Exchange[]) =>
  asking(exchanges).requests.map(({ path }) => new URL(path, "http://c").searchParams.get("index"));

describe("a blocking query", () => {
  it("asks at once first, and then waits for what is newer", () => {
    const { requests, reports, waits } = asking([
      answer("7", 0, "10.0.0.1"),
      answer("9", 42, "10.0.0.1", "10.0.0.2"),
      answer("9", 62, "10.0.0.1", "10.0.0.2"),
    ]);
    const path = "/v1/health/service/users?passing=true";
    expect(requests.map((request) => [request.path, request.readSeconds])).toEqual([
      [path, 5],
      [`${path}&index=7&wait=60s`, 68.75],
      [`${path}&index=9&wait=60s`, 68.75],
    ]);
    expect(reports).toEqual([peers("10.0.0.1"), peers("10.0.0.1", "10.0.0.2"), peers("10.0.0.1", "10.0.0.2")]);
    expect(waits).toEqual([0, 0, 0]);
  });

  it("says all that is configured, escaped, and the token in a header alone", () => {
    const { requests } = asking([answer("1")], {
      address: "https://consul.example/base/",
      service: "users/a&b",
      tags: ["v1", "a=b"],
      passing: false,
      datacenter: "dc2",
      namespace: "team",
      near: "_agent",
      token: "secret",
    });
    expect(requests[0]).toMatchObject({
      scheme: "https",
      host: "consul.example",
      port: 443,
      path: "/base/v1/health/service/users%2Fa%26b?passing=false&dc=dc2&ns=team&near=_agent&tag=v1&tag=a%3Db",
      headers: { Accept: "application/json", "X-Consul-Token": "secret" },
      tls: { verify: true, serverName: "consul.example" },
    });
  });

  it("begins anew when the index goes backwards, as after a restore", () => {
    expect(waiting([answer("50"), answer("7", 10), answer("7"), answer("8", 60)])).toEqual([null, "50", null, "7"]);
  });

  test.each([undefined, "0", "-1", "many", "", "9".repeat(21)])("waits with 1 when the index is %j", (index) => {
    expect(waiting([answer(index), answer(index), answer(index)])).toEqual([null, "1", "1"]);
  });

  it("does not become a busy loop when the server does not let it wait", () => {
    const { waits } = asking(Array.from({ length: 6 }, () => answer(undefined)));
    expect(waits).toEqual([0, 0, 1, 1, 1, 1]);
  });

  it("follows a few changes in a row at once", () => {
    const { waits } = asking([answer("1", 60), answer("2"), answer("3", 0.5), answer("4", 60), answer("5")]);
    expect(waits).toEqual([0, 0, 0.5, 0, 0]);
  });
});

describe("a Consul that fails", () => {
  test.each([
    [{ status: 0, problem: "connection refused" }, "connection refused"],
    [{ status: 0, problem: "timeout", seconds: 68.75 }, "timeout"],
    [{ status: 500, body: "No cluster leader" }, "it answered with status 500"],
    [{ status: 404 }, "it answered with status 404"],
    [{ status: 403 }, "it refused access (status 403): check what it is asked with, and what that may read"],
    [{ body: "<html>" }, "its answer is not a list of instances"],
    [{ body: '{"a": 1}' }, "its answer is not a list of instances"],
    [{ body: "[{", problem: "connection closed" }, "connection closed"],
  ])("with %j is reported, and asked again without waiting for a change", (fault, problem) => {
    const { reports, requests } = asking([answer("7", 0, "10.0.0.1"), fault, answer("7", 0, "10.0.0.1")]);
    expect(reports).toEqual([peers("10.0.0.1"), { problem }, peers("10.0.0.1")]);
    expect(requests[2]?.path).toBe(requests[0]?.path);
  });

  it("is asked ever less often", () => {
    const down = { status: 500 };
    const { waits } = asking([down, down, down, down, down, down], {}, 0.5);
    expect(waits).toEqual([1.5, 2.5, 4.5, 8.5, 15.5, 15.5]);
  });

  it("may answer whatever it likes", () => {
    const exchange = fc.record({
      status: fc.constantFrom(0, 200, 200, 429, 500),
      body: fc.oneof(fc.string(), fc.json()),
      headers: fc.dictionary(fc.constant("x-consul-index"), fc.oneof(fc.string(), fc.nat().map(String))),
      seconds: fc.nat({ max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1 }), (exchanges) => {
        expect(asking(exchanges).reports).toHaveLength(exchanges.length);
      }),
    );
  });
});

describe("its name", () => {
  test.each([
    [{}, "consul users at 127.0.0.1:8500"],
    [
      { tags: ["a", "b"], datacenter: "dc2", namespace: "team", passing: false, token: "secret" },
      "consul users tag a tag b datacenter dc2 namespace team whatever their checks say at 127.0.0.1:8500",
    ],
  ])("with %j is %s", (config, name) => {
    expect(consulSource({ ...CONFIG, ...config }, {} as never).name).toBe(name);
  });

  it("is short where the address is none, which is reported", () => {
    const { reports } = asking([], { address: "127.0.0.1:8500" });
    expect(reports).toEqual([
      { problem: "its address is no URL: give http://host:port or https://host:port, without a user" },
    ]);
  });
});

test("nextIndex keeps an index that is too large to be a number as it is", () => {
  expect(nextIndex("18446744073709551610", "18446744073709551615")).toBe("18446744073709551615");
});
