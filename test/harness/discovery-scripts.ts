/** Random scripts of what servers answer to sources: mostly as they should, now and then anything. */
import fc from "fast-check";
import type { DnsAnswer, DnsType } from "../../plugins/_kit/ports.ts";
import type { Exchange, Script } from "./discovery-rig.ts";

type Json = fc.Arbitrary<unknown>;

/** Names of digits alone would make a list of an object in JavaScript. */
export const shortText = fc
  .string({ unit: fc.constantFrom("a", "b", ".", ":", "1", '"'), maxLength: 6 })
  .filter((text) => !/^\d+$/.test(text));

const { anyJson } = fc.letrec<{ anyJson: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(shortText, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
  anyJson: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("anyJson"), { maxLength: 4 }),
    fc.dictionary(shortText, tie("anyJson"), { maxKeys: 4 }),
  ),
}));

/** Now and then anything; where one fault spoils a whole answer, more seldom. */
const odd = (usual: Json, times = 12): Json =>
  fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: anyJson });
const seldomOdd = (usual: Json): Json => odd(usual, 80);
const partly = (fields: Readonly<Record<string, Json>>, ...requiredKeys: readonly string[]): Json =>
  fc.record(fields, { requiredKeys: [...requiredKeys] });
const some = (item: Json, maxLength = 4): Json => fc.array(item, { maxLength });
const written = (value: Json): fc.Arbitrary<string> => value.map((made) => JSON.stringify(made));

const host = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "FD00::1", "users.internal", "");
const address = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "FD00::1");
const port = fc.constantFrom<unknown>(80, 80, 80, 81, 81, "82", 0, 1.5, null);

const fault = fc.constantFrom<Exchange>(
  { status: 0, problem: "timeout" },
  { status: 500 },
  { status: 403 },
  { status: 404 },
  { body: "[" },
);

function scriptOf(exchange: fc.Arbitrary<Exchange>): fc.Arbitrary<Script> {
  const exchanges = fc.oneof({ weight: 5, arbitrary: exchange }, { weight: 1, arbitrary: fault });
  return fc.record({
    exchanges: fc.array(exchanges, { minLength: 1, maxLength: 12 }),
    random: fc.constantFrom(0, 0.25, 0.9),
    files: fc.constantFrom({}, { "/token": ["one", "one\n", undefined, "two"] }),
  });
}

const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("10.0.0.1:80", "[fd00::1]:81", "10.0.0.2:82") },
  { weight: 1, arbitrary: fc.constantFrom("::1:80", "x:80", "10.0.0.1") },
  {
    weight: 4,
    arbitrary: partly(
      {
        host: fc.constantFrom("10.0.0.1", "10.0.0.2", "FD00::1"),
        port: fc.constantFrom(80, 81, "82"),
        weight: fc.constantFrom(1, 5, "7"),
        priority: fc.nat({ max: 1 }),
        zone: seldomOdd(shortText),
        draining: odd(fc.boolean()),
      },
      "host",
      "port",
    ),
  },
  { weight: 1, arbitrary: partly({ host, port, weight: fc.constantFrom(0, 5000) }, "host", "port") },
);
const targets = seldomOdd(some(seldomOdd(target)));
const targetsText = written(fc.oneof(targets, fc.record({ targets })));

/** @param path of the file */
export const fileScripts = (path: string): fc.Arbitrary<Script> =>
  fc.record({
    files: fc
      .array(fc.option(targetsText, { nil: undefined, freq: 6 }), { minLength: 1, maxLength: 6 })
      .map((texts) => ({ [path]: texts })),
    waits: fc.constant(6),
  });

const etag = fc.constantFrom({}, { etag: '"a"' }, { etag: '"b"' });
export const httpScripts = scriptOf(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ body: targetsText, headers: etag }) },
    { weight: 1, arbitrary: fc.constant({ status: 304 }) },
  ),
);

const zone = odd(fc.record({ zone: shortText }));
const locality = odd(fc.record({ Zone: shortText }));
const weights = odd(fc.record({ Passing: fc.constantFrom(1, 3, 0), Warning: fc.constantFrom(1, 2) }));
const check = fc.record({ Status: fc.constantFrom("passing", "warning", "critical") });
const consulInstance = fc.record({
  Node: odd(partly({ Address: host, Meta: zone, Locality: locality }, "Address")),
  Service: odd(partly({ Address: odd(host), Port: odd(port), Weights: weights, Meta: zone }, "Address", "Port")),
  Checks: odd(some(odd(check))),
});
export const consulScripts = scriptOf(
  fc.record({
    body: written(odd(some(odd(consulInstance)))),
    headers: fc.constantFrom({}, { "x-consul-index": "5" }, { "x-consul-index": "9" }, { "x-consul-index": "0" }),
    seconds: fc.constantFrom(0, 0.5, 60),
  }),
);

const condition = fc.constantFrom<unknown>(true, true, false, null);
const endpoint = fc.record({
  addresses: odd(fc.array(address, { minLength: 1, maxLength: 2 })),
  conditions: odd(partly({ ready: condition, serving: condition, terminating: condition })),
  zone: odd(shortText),
});
const slicePort = fc.record({
  name: fc.constantFrom("http", "other"),
  port,
  protocol: fc.constantFrom("TCP", "TCP", "UDP"),
});
const version = fc.constantFrom("1", "2", "3");
const slice = fc.record({
  metadata: seldomOdd(fc.record({ name: fc.constantFrom("a", "b", "c"), resourceVersion: version })),
  addressType: fc.constantFrom("IPv4", "IPv4", "IPv4", "IPv6", "FQDN"),
  ports: odd(some(odd(slicePort))),
  endpoints: odd(some(odd(endpoint))),
});
const list = fc.record({
  metadata: fc.record({ resourceVersion: version, continue: fc.constantFrom("", "", "", "n=1") }),
  items: fc.array(slice, { minLength: 1, maxLength: 3 }),
});
const event = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constantFrom("ADDED", "MODIFIED", "DELETED"), object: slice }) },
  { weight: 2, arbitrary: fc.constant({ type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } }) },
  { weight: 1, arbitrary: fc.constantFrom({ type: "ERROR", object: { code: 410 } }, { type: "ERROR", object: {} }) },
);
const lines = fc.array(fc.oneof({ weight: 9, arbitrary: written(seldomOdd(event)) }, fc.constant("")), {
  maxLength: 5,
});
/** An exchange answers to lists and to watches: nobody knows which of them comes next. */
export const kubernetesScripts = scriptOf(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ body: written(seldomOdd(list)), lines, seconds: fc.constantFrom(0, 100) }) },
    { weight: 1, arbitrary: fc.record({ lines, problem: fc.constantFrom("timeout", "reset") }) },
    { weight: 1, arbitrary: fc.constant({ status: 410 }) },
  ),
);

const eurekaPort = odd(fc.record({ $: odd(port), "@enabled": fc.constantFrom("true", "true", "false") }));
const eurekaInstance = partly(
  {
    instanceId: fc.constantFrom("1", "2", "3"),
    hostName: odd(host),
    ipAddr: odd(host),
    status: seldomOdd(fc.constantFrom("UP", "UP", "UP", "DOWN")),
    port: eurekaPort,
    securePort: eurekaPort,
    actionType: fc.constantFrom("ADDED", "MODIFIED", "DELETED"),
    metadata: odd(fc.record({ weight: fc.constantFrom<unknown>("2", 3, "x"), zone: shortText })),
    dataCenterInfo: odd(fc.record({ metadata: fc.record({ "availability-zone": shortText }) })),
  },
  ...["instanceId", "ipAddr", "status", "port", "securePort"],
);
const application = fc.record({
  name: fc.constantFrom("USERS", "users", "OTHER"),
  instance: seldomOdd(fc.oneof(eurekaInstance, some(seldomOdd(eurekaInstance)))),
});
/** An answer to both, as above. */
const applications = fc.record({
  application: seldomOdd(application),
  applications: odd(fc.record({ application: odd(fc.oneof(application, some(odd(application)))) })),
});
export const eurekaScripts = scriptOf(fc.record({ body: written(seldomOdd(applications)) }));

const few = fc.nat({ max: 3 });
function dnsAnswers(type: DnsType, hosts: fc.Arbitrary<string>): fc.Arbitrary<DnsAnswer[]> {
  const record = fc.record({
    type: fc.constant(type),
    host: hosts,
    ttlSeconds: fc.constantFrom(0, 7, 30, 900),
    port: fc.constantFrom(0, 80, 81),
    priority: few,
    weight: few,
  });
  const answer = fc.oneof(
    { weight: 5, arbitrary: fc.record({ records: fc.array(record, { maxLength: 4 }) }) },
    { weight: 1, arbitrary: fc.constantFrom("NXDOMAIN", "SERVFAIL").map((problem) => ({ records: [], problem })) },
  );
  return fc.array(answer, { minLength: 1, maxLength: 4 });
}
/** Of the name `n`, whose services are at `x` and `y`. */
export const dnsScripts: fc.Arbitrary<Script> = fc.record({
  dns: fc.record(
    Object.fromEntries([
      ["SRV n", dnsAnswers("SRV", fc.constantFrom("x", "y", "z", "."))],
      ...["n", "x", "y"].flatMap((name) => [
        [`A ${name}`, dnsAnswers("A", host)],
        [`AAAA ${name}`, dnsAnswers("AAAA", host)],
      ]),
    ]) as Record<string, fc.Arbitrary<DnsAnswer[]>>,
  ),
  waits: fc.constant(5),
});
