import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { json } from "../../../test/harness/discovery-rig.ts";
import { parseSlice } from "./kubernetes-slice.ts";

const slice = (fields: object = {}) => ({
  metadata: { name: "users-abc", resourceVersion: "5" },
  addressType: "IPv4",
  ports: [
    { name: "http", port: 8080, protocol: "TCP" },
    { name: "metrics", port: 9090 },
  ],
  endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true } }],
  ...fields,
});
const one = { host: "10.0.0.1", port: 8080, weight: 1, priority: 0 };
const parse = (value: unknown, port?: string) => parseSlice(json.decode(JSON.stringify(value)), port);

describe("conditions", () => {
  test.each([
    [{ ready: true }, "whole"],
    [{ ready: true, serving: true, terminating: false }, "whole"],
    [{}, "whole"],
    [undefined, "whole"],
    [{ ready: null, serving: null, terminating: null }, "whole"],
    [{ ready: false }, "none"],
    [{ ready: false, serving: false, terminating: true }, "none"],
    [{ ready: false, serving: true, terminating: false }, "none"],
    [{ ready: false, serving: true, terminating: true }, "draining"],
    [{ ready: true, terminating: true }, "draining"],
    [{ ready: false, terminating: true }, "none"],
    [{ ready: "yes" }, "none"],
  ])("%j: %s", (conditions, use) => {
    const expected = { whole: [one], none: [], draining: [{ ...one, draining: true }] }[use as "whole"];
    expect(parse(slice({ endpoints: [{ addresses: ["10.0.0.1"], conditions }] }))?.peers).toEqual(expected);
  });
});

describe("ports", () => {
  test.each([
    [undefined, 8080],
    ["http", 8080],
    ["metrics", 9090],
    ["9090", 9090],
  ])("%j is %i", (port, number) => {
    expect(parse(slice(), port)?.peers).toEqual([{ ...one, port: number }]);
  });

  it("a port that is not there makes the slice useless, and is told", () => {
    expect(parse(slice(), "grpc")).toEqual({
      name: "users-abc",
      peers: [],
      leftOut: "slice users-abc has no TCP port grpc",
    });
    expect(parse(slice(), "80")?.peers).toEqual([]);
  });

  it("a slice without endpoints needs no port", () => {
    expect(parse(slice({ ports: null, endpoints: null }))).toEqual({ name: "users-abc", peers: [] });
  });

  it("a port without a number stands for all: one has to be given", () => {
    const any = slice({ ports: [{ name: null, port: null }] });
    expect([parse(any, "81")?.peers, parse(any)?.peers]).toEqual([[{ ...one, port: 81 }], []]);
  });

  it("ports of other protocols are not taken", () => {
    const both = slice({
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 54, protocol: "TCP" },
      ],
    });
    expect([parse(both)?.peers, parse(both, "dns")?.peers]).toEqual([[{ ...one, port: 54 }], []]);
  });
});

describe("addresses", () => {
  it("the first one is taken, with its zone", () => {
    const endpoints = [{ addresses: ["10.0.0.1", "10.0.0.2"], zone: "eu-1a" }];
    expect(parse(slice({ endpoints }))?.peers).toEqual([{ ...one, zone: "eu-1a" }]);
  });

  it("IPv6 is taken as IPv4 is", () => {
    const endpoints = [{ addresses: ["FD00::1"] }];
    expect(parse(slice({ addressType: "IPv6", endpoints }))?.peers).toEqual([{ ...one, host: "fd00::1" }]);
  });

  it("names are not, and that is told", () => {
    const named = parse(slice({ addressType: "FQDN", endpoints: [{ addresses: ["users.example"] }] }));
    expect(named).toEqual({
      name: "users-abc",
      peers: [],
      leftOut: "slice users-abc has addresses of the type FQDN, and no IP addresses",
    });
  });

  test.each([[[]], [["users.example"]], [undefined], [5]])("%j is left out, and told", (addresses) => {
    const parsed = parse(slice({ endpoints: [{ addresses }, { addresses: ["10.0.0.1"] }] }));
    expect(parsed?.peers).toEqual([one]);
    expect(parsed?.leftOut).toBe("slice users-abc has an endpoint without an IP address");
  });
});

test.each([undefined, 5, {}, { metadata: { name: "a" } }, { addressType: "IPv4" }])("%j is no slice", (value) => {
  expect(parse(value ?? "x")).toBeUndefined();
});

test("nothing throws", () => {
  const near = fc.record(
    {
      metadata: fc.constantFrom({ name: "a" }, {}, 5),
      addressType: fc.constantFrom("IPv4", "IPv6", "FQDN", 5),
      ports: fc.oneof(fc.jsonValue(), fc.array(fc.record({ name: fc.jsonValue(), port: fc.jsonValue() }))),
      endpoints: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ addresses: fc.jsonValue(), conditions: fc.jsonValue() })),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), near),
      fc.option(fc.constantFrom("80", "http"), { nil: undefined }),
      (value, port) => {
        parse(value, port);
      },
    ),
    { numRuns: 1000 },
  );
});
