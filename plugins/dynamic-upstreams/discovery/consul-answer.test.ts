import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { json } from "../../../test/harness/discovery-rig.ts";
import { consulPeers } from "./consul-answer.ts";

/** An instance as Consul 1.20 writes it, as far as it matters here. */
const instance = (service: object, node: object = {}, checks: readonly string[] = ["passing"]) => ({
  Node: { Node: "n1", Address: "10.1.0.1", Datacenter: "dc1", Meta: {}, ...node },
  Service: {
    ID: "users-1",
    Service: "users",
    Address: "10.0.0.1",
    Port: 80,
    Weights: { Passing: 1, Warning: 1 },
    ...service,
  },
  Checks: checks.map((Status) => ({ Status })),
});

const peersOf = (...instances: readonly object[]) => consulPeers(instances);

describe("consulPeers", () => {
  it("takes address, port and weight", () => {
    expect(peersOf(instance({}), instance({ Address: "FD00::2", Weights: { Passing: 5, Warning: 1 } }))).toEqual({
      peers: [
        { host: "10.0.0.1", port: 80, weight: 1, priority: 0 },
        { host: "fd00::2", port: 80, weight: 5, priority: 0 },
      ],
    });
  });

  it("takes the node's address where the service has none", () => {
    expect(peersOf(instance({ Address: "" })).peers?.[0]?.host).toBe("10.1.0.1");
  });

  test.each([
    ["the service's metadata first", { Meta: { zone: "a" }, Locality: { Zone: "b" } }, { Meta: { zone: "c" } }, "a"],
    ["then its locality", { Locality: { Region: "r", Zone: "b" } }, { Meta: { zone: "c" } }, "b"],
    ["then the node's metadata", {}, { Meta: { zone: "c" }, Locality: { Zone: "d" } }, "c"],
    ["then the node's locality", { Meta: {} }, { Locality: { Zone: "d" } }, "d"],
    ["and none else, the datacenter least of all", {}, {}, undefined],
  ])("takes the zone from %s", (_name, service, node, zone) => {
    expect(peersOf(instance(service, node)).peers?.[0]?.zone).toBe(zone);
  });

  test.each([
    [["passing", "passing"], 4],
    [["passing", "warning"], 2],
    [["warning", "critical"], 4],
    [[], 4],
  ])("with checks that are %j has the weight %i", (checks, weight) => {
    expect(peersOf(instance({ Weights: { Passing: 4, Warning: 2 } }, {}, checks)).peers?.[0]?.weight).toBe(weight);
  });

  test.each([
    ["1 left out: an instance without an address or a port", instance({ Port: 0 })],
    ["1 left out: an instance without an address or a port", {}],
    ['1 left out: "users.internal" is no IP address', instance({ Address: "users.internal" })],
    ["1 left out: 10.0.0.1 has the weight 0", instance({ Weights: { Passing: 0 } })],
    ["1 left out: 10.0.0.1 has a weight that is no whole number", instance({ Weights: { Passing: "many" } })],
  ])("tells: %s", (note, value) => {
    expect(peersOf(value, instance({ Address: "10.0.0.9" }))).toEqual({
      peers: [{ host: "10.0.0.9", port: 80, weight: 1, priority: 0 }],
      note,
    });
  });

  it("takes an instance that is there twice once", () => {
    expect(peersOf(instance({}), instance({ ID: "users-2" })).peers).toHaveLength(1);
  });

  test.each([undefined, "text", 5, { Node: {} }])("refuses %j", (document) => {
    expect(consulPeers(document)).toEqual({ problem: "its answer is not a list of instances" });
  });

  it("throws at nothing", () => {
    const near = fc.record(
      {
        Node: fc.oneof(fc.jsonValue(), fc.record({ Address: fc.jsonValue(), Meta: fc.jsonValue() })),
        Service: fc.record({
          Address: fc.jsonValue(),
          Port: fc.jsonValue(),
          Weights: fc.jsonValue(),
          Meta: fc.jsonValue(),
        }),
        Checks: fc.oneof(fc.jsonValue(), fc.array(fc.record({ Status: fc.jsonValue() }))),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.oneof(near, fc.jsonValue()))), (value) => {
        const { peers, problem } = consulPeers(json.decode(JSON.stringify(value)));
        expect(peers === undefined).toBe(problem !== undefined);
      }),
      { numRuns: 500 },
    );
  });
});
