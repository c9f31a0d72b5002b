import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Exchange, play, type Script } from "../../../test/harness/discovery-rig.ts";
import type { KubernetesConfig } from "../config.ts";
import { kubernetesSource } from "./kubernetes-source.ts";

const TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const CONFIG: KubernetesConfig = {
  address: "https://kubernetes.default.svc",
  namespace: "shop",
  service: "users",
  token_file: "",
  timeout_seconds: 5,
  verify: true,
  weight: 1,
  priority: 0,
  allow_empty: false,
};

const slice = (name: string, version: string, ...hosts: readonly string[]) => ({
  metadata: { name, resourceVersion: version },
  addressType: "IPv4",
  ports: [{ name: "http", port: 8080 }],
  endpoints: hosts.map((host) => ({ addresses: [host], conditions: { ready: true } })),
});
const list = (resourceVersion: string, items: readonly object[], next?: string): Exchange => ({
  body: JSON.stringify({ kind: "EndpointSliceList", metadata: { resourceVersion, continue: next }, items }),
});
const event = (type: string, object: object): string => JSON.stringify({ type, object });
const bookmark = (resourceVersion: string): string => event("BOOKMARK", { metadata: { resourceVersion } });
const watch = (lines: readonly string[], end: Exchange = {}): Exchange => ({ ...end, lines });
const peers = (...hosts: readonly string[]) => ({
  peers: hosts.map((host) => ({ host, port: 8080, weight: 1, priority: 0 })),
});

const asking = (exchanges: readonly Exchange[], config: Partial<KubernetesConfig> = {}, script: Script = {}) =>
  play((ports) => kubernetesSource({ ...CONFIG, ...config }, ports), { exchanges, ...script });
/** Which kind of request each was, with the version that a watch goes on from. */
const kinds = (exchanges: readonly Exchange[]): readonly string[] =>
  asking(exchanges).requests.map(({ path }) => {
    const query = new URL(path, "http://k").searchParams;
    return query.has("watch") ? `watch ${query.get("resourceVersion")}` : "list";
  });

describe("list and watch", () => {
  it("ask for the slices of the one Service", () => {
    const { requests } = asking([list("100", [slice("a", "90", "10.0.0.1")]), watch([])], {}, { random: 0.5 });
    const path =
      "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dusers";
    expect(requests).toMatchObject([
      { path: `${path}&limit=20`, readSeconds: 5, tls: { verify: true, serverName: "kubernetes.default.svc" } },
      {
        path: `${path}&watch=true&allowWatchBookmarks=true&timeoutSeconds=315&resourceVersion=100`,
        readSeconds: 100,
        connectSeconds: 5,
      },
    ]);
  });

  it("take what was added, changed and deleted", () => {
    const { reports } = asking([
      list("100", [slice("a", "90", "10.0.0.1"), slice("b", "91", "10.0.0.2")]),
      watch([
        event("ADDED", slice("c", "101", "10.0.0.3")),
        event("MODIFIED", slice("a", "102", "10.0.0.1", "10.0.0.9")),
        event("DELETED", slice("b", "103", "10.0.0.2")),
        bookmark("200"),
      ]),
    ]);
    expect(reports).toEqual([
      peers("10.0.0.1", "10.0.0.2"),
      peers("10.0.0.1", "10.0.0.2", "10.0.0.3"),
      peers("10.0.0.1", "10.0.0.9", "10.0.0.2", "10.0.0.3"),
      peers("10.0.0.1", "10.0.0.9", "10.0.0.3"),
      peers("10.0.0.1", "10.0.0.9", "10.0.0.3"),
    ]);
  });

  it("count an endpoint once that is in two slices, as while it moves", () => {
    const { reports } = asking([list("1", [slice("a", "1", "10.0.0.1"), slice("b", "1", "10.0.0.1", "10.0.0.2")])]);
    expect(reports).toEqual([peers("10.0.0.1", "10.0.0.2")]);
  });

  it("read a long list page by page", () => {
    const { requests, reports } = asking([
      list("100", [slice("a", "90", "10.0.0.1")], "next/page=2"),
      list("100", [slice("b", "90", "10.0.0.2")], "last"),
      list("100", [slice("c", "90", "10.0.0.3")]),
      watch([]),
    ]);
    expect(requests.slice(0, 3).map(({ path }) => path.split("Dusers")[1])).toEqual([
      "&limit=20",
      "&limit=20&continue=next%2Fpage%3D2",
      "&limit=20&continue=last",
    ]);
    expect(reports).toEqual([peers("10.0.0.1", "10.0.0.2", "10.0.0.3")]);
  });

  it("go on from the last version that was told, a bookmark's too", () => {
    expect(
      kinds([
        list("100", []),
        watch([event("ADDED", slice("a", "101", "10.0.0.1"))]),
        watch([]),
        watch([bookmark("250")]),
        watch([], { problem: "timeout" }),
        watch([]),
      ]),
    ).toEqual(["list", "watch 100", "watch 101", "watch 101", "watch 250", "watch 250"]);
  });

  it("go on at once when a watch has ended, but not in a busy loop", () => {
    const { waits, reports } = asking([list("1", []), ...Array.from({ length: 5 }, () => watch([]))]);
    expect(waits).toEqual([0, 0, 1, 1, 1]);
    expect(reports).toHaveLength(1);
  });

  it("take empty lines for nothing", () => {
    expect(asking([list("1", []), watch(["", bookmark("2")])]).reports).toHaveLength(2);
  });
});

describe("410 Gone", () => {
  test.each([
    ["as status of a watch", [list("1", []), { status: 410 }, list("5", []), watch([])]],
    [
      "as an event",
      [list("1", []), watch([event("ERROR", { code: 410, reason: "Expired" })]), list("5", []), watch([])],
    ],
  ])("%s: all is listed anew, and nobody calls it a problem", (_name, exchanges) => {
    expect(kinds(exchanges)).toEqual(["list", "watch 1", "list", "watch 5"]);
    const { reports, waits } = asking(exchanges);
    expect(reports).toEqual([peers(), peers()]);
    expect(waits).toEqual([1, 0]);
  });

  it("of a page: the list begins anew", () => {
    const page = list("1", [slice("a", "1", "10.0.0.1")], "old");
    expect(asking([page, { status: 410 }, list("2", []), watch([])]).reports).toEqual([peers()]);
  });

  it("again and again waits ever longer", () => {
    const gone = [list("1", []), { status: 410 }];
    const { waits } = asking([...gone, ...gone, ...gone, ...gone], {}, { random: 0.5 });
    expect(waits).toEqual([1.5, 2.5, 4.5, 8.5]);
  });
});

describe("problems", () => {
  const good = list("9", [slice("a", "1", "10.0.0.1")]);

  test.each([
    [{ status: 0, problem: "connection refused" }, "connection refused"],
    [{ status: 500 }, "it answered with status 500"],
    [{ status: 401 }, "it refused access (status 401): check what it is asked with, and what that may read"],
    [{ body: "garbage" }, "its answer is not a list of EndpointSlices"],
    [{ body: '{"items": []}' }, "its answer is not a list of EndpointSlices"],
    [{ body: '{"items": [{}], "metadata": {"resourceVersion": "1"}}' }, "its answer is not a list of EndpointSlices"],
    [list("1".repeat(257), []), "its answer is not a list of EndpointSlices"],
    [list("1", [], "n".repeat(4097)), "its answer is not a list of EndpointSlices"],
    [{ body: '{"items": 5, "metadata": {"resourceVersion": "1"}}' }, "its answer is not a list of EndpointSlices"],
  ])("a list that is %j", (exchange, problem) => {
    expect(asking([exchange, good, watch([])]).reports).toEqual([{ problem }, peers("10.0.0.1")]);
  });

  test.each([
    [{ status: 0, problem: "connection refused" }, "connection refused"],
    [{ status: 503 }, "it answered with status 503"],
    [watch([bookmark("2")], { problem: "connection reset" }), "connection reset"],
    [watch([event("ERROR", { code: 500, message: "etcd is away" })]), "the watch ended: etcd is away"],
    [watch([event("ERROR", {})]), "the watch ended: the server told no reason"],
    [watch(["{"]), "the watch brought something else than an event of an EndpointSlice"],
    [watch([event("ADDED", { kind: "Pod" })]), "the watch brought something else than an event of an EndpointSlice"],
    [watch([event("DELETED", {})]), "the watch brought something else than an event of an EndpointSlice"],
    [watch([event("RENAMED", {})]), "the watch brought something else than an event of an EndpointSlice"],
    [watch([bookmark("1".repeat(257))]), "the watch brought something else than an event of an EndpointSlice"],
    [watch([event("BOOKMARK", {})]), "the watch brought something else than an event of an EndpointSlice"],
  ])("a watch that is %j: all is listed anew", (exchange, problem) => {
    const { reports, requests } = asking([good, exchange, good, watch([])]);
    expect(reports.filter((found) => found.problem !== undefined)).toEqual([{ problem }]);
    expect(requests[2]?.path).toBe(requests[0]?.path);
    expect(reports.at(-1)).toEqual(peers("10.0.0.1"));
  });

  it("in a row are waited for ever longer, also when the list works and the watch does not", () => {
    const { waits } = asking(
      [good, { status: 403 }, good, { status: 403 }, good, { status: 403 }],
      {},
      { random: 0.5 },
    );
    expect(waits).toEqual([1.5, 2.5, 4.5]);
  });

  const down = { status: 500 };
  it.each([
    ["brought something", watch([bookmark("2")], { problem: "connection reset" }), [1.5, 2.5, 1.5]],
    ["ended as watches do", watch([]), [1.5, 2.5, 0, 1.5]],
    ["was silent for long", watch([], { problem: "timeout" }), [1.5, 2.5, 0, 1.5]],
  ])("are over once a watch %s", (_name, works, waits) => {
    expect(asking([down, down, good, works, down], {}, { random: 0.5 }).waits.slice(0, waits.length)).toEqual(waits);
  });

  it("a list without an end is given up", () => {
    const { reports } = asking(Array.from({ length: 1000 }, () => list("1", [], "more")));
    expect(reports).toEqual([{ problem: "its list of EndpointSlices does not end" }]);
  });
});

describe("the token", () => {
  it("is read again before each request, so that a renewed one is used", () => {
    const { requests } = asking(
      [list("1", []), watch([]), watch([])],
      { token_file: TOKEN_FILE },
      { files: { [TOKEN_FILE]: ["one\n", "one\r\n", "two"] } },
    );
    expect(requests.map(({ headers }) => headers["Authorization"])).toEqual(["Bearer one", "Bearer one", "Bearer two"]);
  });

  test.each([undefined, "", "\n", "one\r\nX-Evil: 1", "one\nX-Evil: 1"])(
    "that reads %j is a problem, and nothing is asked without it",
    (text) => {
      const script = { files: { [TOKEN_FILE]: [text] }, waits: 1 };
      const { requests, reports } = asking([], { token_file: TOKEN_FILE }, script);
      expect(requests).toEqual([]);
      expect(reports).toEqual([{ problem: `the token file ${TOKEN_FILE} cannot be read, or holds no token` }]);
    },
  );

  it("is not sent where no file is configured", () => {
    expect(asking([list("1", [])]).requests[0]?.headers).toEqual({ Accept: "application/json" });
  });
});

it("stops in the middle of a watch when nobody asks any more", () => {
  const lines = [bookmark("2"), bookmark("3"), bookmark("4")];
  const { reports, requests } = asking([list("1", []), watch(lines), watch(lines)], {}, { reports: 3 });
  expect([reports.length, requests.length]).toEqual([3, 2]);
});

it("has a name of its own for each port, and reports an address that is none", () => {
  const nameOf = (config: Partial<KubernetesConfig>) => kubernetesSource({ ...CONFIG, ...config }, {} as never).name;
  expect([nameOf({}), nameOf({ port: "http" })]).toEqual([
    "kubernetes shop/users at kubernetes.default.svc:443",
    "kubernetes shop/users port http at kubernetes.default.svc:443",
  ]);
  expect(asking([], { address: "nowhere" }).reports).toHaveLength(1);
});

it("takes whatever comes", () => {
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ type: fc.constantFrom("ADDED", "DELETED", "ERROR", "BOOKMARK"), object: fc.jsonValue() })
      .map((value) => JSON.stringify(value)),
    fc.constantFrom(bookmark("7"), event("ADDED", slice("a", "8", "10.0.0.1"))),
  );
  const exchange: fc.Arbitrary<Exchange> = fc.oneof(
    fc.record({
      status: fc.constantFrom(0, 200, 410, 500),
      body: fc.oneof(fc.string(), fc.json()),
      lines: fc.array(line),
    }),
    fc.constant(list("5", [slice("a", "4", "10.0.0.1")])),
    fc.array(line).map((lines) => watch(lines)),
  );
  fc.assert(
    fc.property(fc.array(exchange, { minLength: 1 }), (exchanges) => {
      const { requests } = asking(exchanges);
      // A list is followed by a watch at once, with which the script may be over.
      expect(requests.length - exchanges.length).toBeOneOf([0, 1]);
    }),
    { numRuns: 500 },
  );
});
