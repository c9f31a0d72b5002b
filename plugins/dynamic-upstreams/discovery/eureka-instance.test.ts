import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { json } from "../../../test/harness/discovery-rig.ts";
import { parseInstance } from "./eureka-instance.ts";

/** An instance as Eureka 1.x and 2.x write it, as far as it matters here. */
const instance = (fields: object = {}) => ({
  instanceId: "host-1:users:8080",
  hostName: "host-1",
  app: "USERS",
  ipAddr: "10.0.0.1",
  status: "UP",
  overriddenStatus: "UNKNOWN",
  port: { $: 8080, "@enabled": "true" },
  securePort: { $: 8443, "@enabled": "false" },
  metadata: { "@class": "java.util.Collections$EmptyMap" },
  dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
  ...fields,
});
const id = "host-1:users:8080";
const entry = { host: "10.0.0.1", port: 8080, weight: 1, priority: 0 };
const parse = (value: unknown, secure = false) => parseInstance(json.decode(JSON.stringify(value)), secure);

describe("parseInstance", () => {
  it("takes the address and the port", () => {
    expect(parse(instance())).toEqual({ id, entry });
  });

  test.each(["DOWN", "STARTING", "OUT_OF_SERVICE", "UNKNOWN"])(
    "keeps of one that is %s that it takes no requests",
    (status) => {
      expect(parse(instance({ status }))).toEqual({ id });
    },
  );

  it("takes the secure port where asked for, if it is enabled", () => {
    expect(parse(instance(), true)).toEqual({ id, leftOut: `${id} has no secure port that is enabled` });
    expect(parse(instance({ securePort: { $: 8443, "@enabled": "true" } }), true)?.entry?.port).toBe(8443);
  });

  test.each([
    [{ $: "8080", "@enabled": true }, 8080],
    [8081, 8081],
    ["8082", 8082],
  ])("takes the port %j", (port, number) => {
    expect(parse(instance({ port }))?.entry?.port).toBe(number);
  });

  test.each([
    [{ $: 8080, "@enabled": "false" }],
    [{ $: 0, "@enabled": "true" }],
    [{}],
    [null],
    [{ $: {}, "@enabled": "true" }],
  ])("leaves one with the port %j out", (port) => {
    expect(parse(instance({ port }))).toEqual({ id, leftOut: `${id} has no port that is enabled` });
  });

  test.each([
    [
      { metadata: { zone: "a" }, dataCenterInfo: { name: "Amazon", metadata: { "availability-zone": "us-east-1c" } } },
      "a",
    ],
    [{ dataCenterInfo: { name: "Amazon", metadata: { "availability-zone": "us-east-1c" } } }, "us-east-1c"],
    [{}, undefined],
  ])("takes the zone of %j", (fields, zone) => {
    expect(parse(instance(fields))?.entry?.zone).toBe(zone);
  });

  test.each([
    ["5", 5],
    [5, 5],
    ["0", 1],
    ["1001", 1],
    ["a", 1],
    [null, 1],
  ])("makes of the weight %j %i", (weight, number) => {
    expect(parse(instance({ metadata: { weight } }))?.entry?.weight).toBe(number);
  });

  it("knows old versions: the host's name is the id, and may be the address", () => {
    expect(parse(instance({ instanceId: null, ipAddr: null, hostName: "10.0.0.7" }))).toEqual({
      id: "10.0.0.7",
      entry: { ...entry, host: "10.0.0.7" },
    });
    expect(parse(instance({ ipAddr: null }))).toEqual({ id, leftOut: `${id} tells no IP address` });
  });

  test.each([5, "text", {}, { instanceId: "a" }, { status: "UP" }])("%j is no instance", (value) => {
    expect(parse(value)).toBeUndefined();
  });

  it("throws at nothing", () => {
    const keys = ["instanceId", "hostName", "ipAddr", "status", "port", "securePort", "metadata", "dataCenterInfo"];
    const near = fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.constantFrom("UP", "10.0.0.1")));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), near), fc.boolean(), (value, secure) => {
        parse(value, secure);
      }),
      { numRuns: 1000 },
    );
  });
});
