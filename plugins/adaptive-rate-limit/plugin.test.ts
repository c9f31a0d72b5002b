import { parseList, type Item } from "structured-headers";
import { describe, expect, it } from "vitest";
import { fakeContext, type FakeRequest } from "../../test/harness/fake-context.ts";
import { fakeNode, fakeWorker, type FakeNode, type FakeWorker } from "../../test/harness/fake-host.ts";
import { EPOCH_SECONDS } from "../_core/limit/gcra.ts";
import type { Reject } from "../_kit/decision.ts";
import type { Handlers } from "../_kit/handlers.ts";
import { validate } from "../_kit/schema/index.ts";
import { check } from "./check.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";
import { create } from "./plugin.ts";

function configOf(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Windows of the clock begin here. */
const START = EPOCH_SECONDS + 28_512_000;

interface Rig {
  readonly node: FakeNode;
  readonly worker: FakeWorker;
  readonly handlers: Handlers;
  ask(request?: FakeRequest): { refusal: Reject | undefined; told: Map<string, string | undefined>; reads: string[] };
  /** How many of `count` pass. */
  passing(count: number, request?: FakeRequest): number;
}

function rig(written: object, options: { shadow?: boolean; node?: FakeNode; route?: string } = {}): Rig {
  const node = options.node ?? fakeNode(START);
  const { shadow = false, route = "users" } = options;
  const worker = fakeWorker(node, { shadow, place: { route } });
  const handlers = create(configOf({ adapt: { external: false }, ...written }), worker.host);
  const ask: Rig["ask"] = (request) => {
    const context = fakeContext(request);
    return { refusal: handlers.access?.(context) as Reject | undefined, told: context.told, reads: context.reads };
  };
  const passing: Rig["passing"] = (count, request) => {
    let passed = 0;
    for (let index = 0; index < count; index++) passed += ask(request).refusal === undefined ? 1 : 0;
    return passed;
  };
  return { node, worker, handlers, ask, passing };
}

const FIXED = { algorithm: "fixed-window" };

function list(field: string | undefined): [unknown, Record<string, unknown>][] {
  return (parseList(field ?? "") as Item[]).map(([name, parameters]) => [name, Object.fromEntries(parameters)]);
}

function shown(handlers: Handlers): Record<string, Record<string, unknown>> {
  return handlers.admin?.[0]?.get()["policies"] as unknown as Record<string, Record<string, unknown>>;
}

describe("a limit", () => {
  it("tells clients how they stand, as structured fields", () => {
    const { ask } = rig({ ...FIXED, limit: 3 });
    const { refusal, told } = ask();
    expect(refusal).toBeUndefined();
    expect(list(told.get("RateLimit-Policy"))).toEqual([["default", { q: 3, w: 60 }]]);
    expect(list(told.get("RateLimit"))).toEqual([["default", { r: 2, t: 60 }]]);
  });

  it("refuses with problem details that name the policy, and the time to come back", () => {
    const { node, ask, passing } = rig({ ...FIXED, limit: 3 });
    expect(passing(3)).toBe(3);
    node.now += 20;
    node.randoms.push(0);
    const { refusal, told } = ask();
    expect(told.size).toBe(0);
    expect(refusal).toMatchObject({ kind: "reject", status: 429 });
    expect(refusal?.headers).toMatchObject({ "Retry-After": "40", "Content-Type": "application/problem+json" });
    expect(list(refusal?.headers["RateLimit"])).toEqual([["default", { r: 0, t: 40 }]]);
    expect(list(refusal?.headers["RateLimit-Policy"])).toEqual([["default", { q: 3, w: 60 }]]);
    expect(JSON.parse(refusal?.body ?? "")).toEqual({
      type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
      title: "Request cannot be satisfied as assigned quota has been exceeded",
      status: 429,
      detail: 'The limit "default" is used up. Try again in 40 s.',
      "violated-policies": ["default"],
    });
    node.randoms.push(0.999);
    expect(ask().refusal?.headers["Retry-After"]).toBe("44");
  });

  it("answers as configured, and without headers where none are wanted", () => {
    const reject = { status: 403, body: "no" };
    const { ask, passing } = rig({ ...FIXED, limit: 1, headers: "none", reject });
    expect(ask().told.size).toBe(0);
    expect(ask().refusal).toEqual({ kind: "reject", status: 403, headers: {}, body: "no" });
    expect(passing(5)).toBe(0);
  });

  it("tells Kong's names of the policy nearest to its end where those are wanted", () => {
    const also = [{ name: "burst", ...FIXED, limit: 2, window_seconds: 1 }];
    const { ask } = rig({ ...FIXED, limit: 100, headers: "legacy", also });
    const told = Object.fromEntries(ask().told);
    const three = (prefix: string): object => ({
      [`${prefix}-Limit`]: "2",
      [`${prefix}-Remaining`]: "1",
      [`${prefix}-Reset`]: "1",
    });
    expect(told).toEqual({ ...three("RateLimit"), ...three("X-RateLimit") });
    ask();
    expect(ask().refusal?.headers).toMatchObject({ "RateLimit-Limit": "2", "X-RateLimit-Remaining": "0" });
  });

  it("takes at most two operations and reads only the address", () => {
    const { node, ask } = rig({});
    for (let index = 0; index < 20; index++) {
      node.store.operations = 0;
      expect(ask().reads).toEqual(["clientAddress"]);
      expect(node.store.operations).toBeLessThanOrEqual(2);
    }
  });

  it("keeps its state over a reload, and its totals", () => {
    const first = rig({ ...FIXED, limit: 5 });
    expect(first.passing(3)).toBe(3);
    first.worker.exit();
    first.handlers.end?.();
    const second = rig({ ...FIXED, limit: 5 }, { node: first.node });
    expect(second.passing(5)).toBe(2);
    second.worker.tick();
    expect(shown(second.handlers)["default"]).toMatchObject({ admitted: 5, refused: 3 });
  });
});

describe("several policies", () => {
  const also = [
    { name: "second", ...FIXED, limit: 2, window_seconds: 1 },
    { name: "all", ...FIXED, limit: 100, key: ["constant"] },
  ];

  it("must all let a request pass; what the first ones took is given back", () => {
    const { node, ask, passing } = rig({ ...FIXED, limit: 4, also });
    expect(list(ask().told.get("RateLimit"))).toEqual([
      ["default", { r: 3, t: 60 }],
      ["second", { r: 1, t: 1 }],
      ["all", { r: 99, t: 60 }],
    ]);
    expect(passing(10)).toBe(1);
    expect(list(ask().refusal?.headers["RateLimit"])).toEqual([["second", { r: 0, t: 1 }]]);
    // Two of four are left, whatever the second one refused.
    node.now += 1;
    expect(passing(2)).toBe(2);
    node.now += 1;
    expect(ask().refusal?.body).toContain('"violated-policies":["default"]');
  });

  it("are counted apart: who refused is told, who gave back counts nothing", () => {
    const { handlers, worker, passing } = rig({ ...FIXED, limit: 4, also });
    passing(10);
    worker.tick();
    expect(shown(handlers)).toMatchObject({
      default: { admitted: 2, refused: 0 },
      second: { admitted: 2, refused: 8 },
      all: { admitted: 2, refused: 0 },
    });
  });
});

describe("clients", () => {
  it.each([
    ["header:X-Key", { headers: { "x-key": "a" } }, { headers: { "x-key": "b" } }],
    ["cookie:id", { cookies: { id: "a" } }, { cookies: { id: "b" } }],
    ["query:q", { query: { q: "a" } }, { query: { q: "b" } }],
    ["path", { path: "/a" }, { path: "/b" }],
    ["path:2", { path: "/x/a" }, { path: "/y/b" }],
    ["consumer", { consumer: "a" }, { consumer: "b" }],
    ["client_address", { clientAddress: "1.2.3.4" }, { clientAddress: "1.2.3.5" }],
  ])("are told apart by %s, and by their address where it is missing", (source, one, other) => {
    const { passing } = rig({ ...FIXED, limit: 2, key: [source] });
    expect([passing(3, one), passing(3, other), passing(3, one)]).toEqual([2, 2, 0]);
    if (source === "client_address" || source === "path") return;
    expect([passing(3, { clientAddress: "1.1.1.1" }), passing(3, { clientAddress: "2.2.2.2" })]).toEqual([2, 2]);
  });

  it.each(["constant", "route"])("are one by %s", (source) => {
    const { passing } = rig({ ...FIXED, limit: 2, key: [source] });
    expect([passing(2, { clientAddress: "1.1.1.1" }), passing(2, { clientAddress: "2.2.2.2" })]).toEqual([2, 0]);
  });

  it("cannot make up another's key: not by a value that looks like an address, nor by one with a separator", () => {
    const one = rig({ ...FIXED, limit: 1, key: ["header:X-Key"] });
    expect(one.passing(1, { clientAddress: "1.2.3.4" })).toBe(1);
    for (const value of ["1.2.3.4", "!1.2.3.4", "=1.2.3.4"]) {
      expect(one.passing(1, { clientAddress: "9.9.9.9", headers: { "x-key": value } })).toBe(1);
    }
    const two = rig({ ...FIXED, limit: 1, key: ["header:X-Key", "header:X-User"] });
    const pairs = [
      ["a", "b"],
      ["a=b", "c"],
      ["a", "b=c"],
      ["2:=a", "b"],
      ["", "a"],
      ["a", ""],
    ];
    for (const [key = "", user = ""] of pairs) {
      expect([key, user, two.passing(1, { headers: { "x-key": key, "x-user": user } })]).toEqual([key, user, 1]);
    }
  });

  it("with long keys take no more memory than others", () => {
    const { node, passing } = rig({ ...FIXED, limit: 1, key: ["header:X-Key"] });
    expect(passing(2, { headers: { "x-key": "k".repeat(4000) } })).toBe(1);
    expect(passing(2, { headers: { "x-key": `${"k".repeat(4000)}!` } })).toBe(1);
    for (const key of node.store.keys()) expect(key.length).toBeLessThan(120);
  });
});

describe("cost and tiers", () => {
  it("a request may cost more than others say, and never less", () => {
    const { passing } = rig({ ...FIXED, limit: 13, cost: 2, cost_from: "header:X-Cost" });
    const says = (said: string): number => passing(1, { headers: { "x-cost": said } });
    expect(says("5")).toBe(1);
    for (const said of ["none", "-3", "0", "1"]) expect([said, says(said)]).toEqual([said, 1]);
    expect(says("1")).toBe(0);
  });

  it("a tier has its own limit; who has none is of the default one", () => {
    const tiers = { by: "header:X-Plan", default: "free", limits: { free: 2, gold: 5 } };
    const { ask, passing } = rig({ ...FIXED, limit: 1, tiers, key: ["header:X-Key"] });
    const client = (key: string, plan?: string): FakeRequest => ({
      headers: { "x-key": key, ...(plan === undefined ? {} : { "x-plan": plan }) },
    });
    expect([passing(9, client("a")), passing(9, client("b", "gold")), passing(9, client("c", "lead"))]).toEqual([
      2, 5, 2,
    ]);
    expect(list(ask(client("d", "gold")).told.get("RateLimit-Policy"))).toEqual([["default", { q: 5, w: 60 }]]);
    // A client that changes its tier keeps what it has used.
    expect(passing(9, client("a", "gold"))).toBe(3);
  });

  it("a tier may be a consumer's", () => {
    const tiers = { by: "consumer", default: "free", limits: { free: 1, acme: 3 } };
    const { passing } = rig({ ...FIXED, tiers, key: ["consumer"] });
    expect([passing(9, { consumer: "acme" }), passing(9, { consumer: "other" })]).toEqual([3, 1]);
  });
});

describe("limits of several routes", () => {
  it("are apart, unless they have a name in common", () => {
    const node = fakeNode(START);
    const own = ["a", "b"].map((route) => rig({ ...FIXED, limit: 2 }, { node, route }));
    expect(own.map(({ passing }) => passing(5))).toEqual([2, 2]);
    const shared = ["c", "d"].map((route) => rig({ ...FIXED, limit: 3, shared: "api" }, { node, route }));
    expect(shared.map(({ passing }) => passing(2))).toEqual([2, 1]);
  });

  it("are divided among gateways, but a request passes everywhere", () => {
    expect(rig({ ...FIXED, limit: 100, replicas: 4 }).passing(100)).toBe(25);
    expect(rig({ ...FIXED, limit: 3, replicas: 10 }).passing(10)).toBe(1);
    expect(rig({ limit: 100, burst: 40, replicas: 4 }).passing(100)).toBe(10);
  });
});

describe("shadow mode", () => {
  it("counts what it would have done, and does nothing", () => {
    const also = [{ name: "second", ...FIXED, limit: 3 }];
    const { ask, handlers, node, passing, worker } = rig({ ...FIXED, limit: 5, also }, { shadow: true });
    expect(ask().told.size).toBe(0);
    expect(passing(9)).toBe(9);
    worker.tick();
    expect(shown(handlers)).toMatchObject({
      default: { admitted: 3, refused: 0, would_refuse: 0 },
      second: { admitted: 3, refused: 0, would_refuse: 7 },
    });
    expect(node.events).toMatchObject([{ subject: "limit:users/second", from: "admitting", to: "would refuse" }]);
  });
});

describe("events and metrics", () => {
  it("tell once that a policy begins to refuse, and once that it has stopped", () => {
    const node = fakeNode(START);
    const [one, two] = [
      rig({ ...FIXED, limit: 2, window_seconds: 1 }, { node }),
      rig({ ...FIXED, limit: 2, window_seconds: 1 }, { node }),
    ];
    for (let second = 0; second < 5; second++) {
      one.passing(5);
      two.passing(5);
      one.worker.tick();
      two.worker.tick();
      node.now += 1;
    }
    expect(node.events).toMatchObject([
      {
        plugin: "adaptive-rate-limit",
        subject: "limit:users/default",
        from: "admitting",
        to: "refusing",
        inputs: { refused: 3, limit: 2 },
      },
    ]);
    for (let second = 0; second < 15; second++) {
      one.worker.tick();
      two.worker.tick();
      node.now += 1;
    }
    expect(node.events.map(({ to }) => to)).toEqual(["refusing", "admitting"]);
    one.passing(5);
    one.worker.tick();
    expect(node.events.map(({ to }) => to)).toEqual(["refusing", "admitting", "refusing"]);
  });

  it("count over all workers what is admitted and refused, and show the limits in force", () => {
    const tiers = { by: "header:X-Plan", default: "free", limits: { free: 2, gold: 8 } };
    const { handlers, passing, worker } = rig({ ...FIXED, tiers, replicas: 2 });
    passing(5);
    worker.tick();
    const found = new Map<string, number>();
    handlers.metrics?.((name, _type, _help, labels, value) => {
      found.set([name, labels["policy"], labels["result"] ?? labels["tier"] ?? ""].join(" "), value);
    });
    expect(Object.fromEntries(found)).toMatchObject({
      "gateway_rate_limit_requests_total default admitted": 1,
      "gateway_rate_limit_requests_total default refused": 4,
      "gateway_rate_limit_requests_total default would_refuse": 0,
      "gateway_rate_limit_limit default free": 1,
      "gateway_rate_limit_limit default gold": 4,
    });
  });
});

describe("what cannot be", () => {
  it.each([
    [{ also: [{ name: "default" }] }, 'two policies are called "default"'],
    [{ shared: "x", also: [{ name: "b", shared: "x" }] }, 'share the limit "x"'],
    [{ ...FIXED, burst: 5 }, "algorithm: gcra only"],
    [{ ...FIXED, limit: 0.5 }, "no request could pass"],
    [{ cost: 20 }, "write a burst of at least 20"],
    [{ key: ["path:x"] }, "from path:1 on"],
    [{ key: ["path:0"] }, "from path:1 on"],
    [{ tiers: { by: "consumer", default: "no", limits: { a: 1 } } }, 'tiers.default of the policy "default" is "no"'],
    [
      { tiers: { by: "consumer", default: "a", limits: { a: 1 }, floors: { b: 1 } } },
      'tiers.floors of the policy "default" has "b"',
    ],
    [{ ...FIXED, tiers: { by: "consumer", default: "a", limits: { a: 0.5 } } }, "tiers.limits.a is 0.5"],
  ])("%j is refused with the remedy", (written, sentence) => {
    expect(check(configOf(written))).toContain(sentence);
  });

  it("is little: what is written in README.md can be", () => {
    const tiers = { by: "header:X-Plan", default: "free", limits: { free: 100, gold: 5000 }, floors: { gold: 0.8 } };
    for (const written of [{}, { cost: 20, burst: 20 }, { limit: 0.5 }, { key: ["path", "path:2"] }, { tiers }]) {
      expect(check(configOf(written))).toBeUndefined();
    }
  });
});
