import { describe, expect, it } from "vitest";
import { fakeContext, type FakeRequest } from "../../test/harness/fake-context.ts";
import { createRetryBudget } from "../_core/balance/retry-budget.ts";
import { createBalancer, type RequestBalancer } from "./balancer.ts";
import type { BalanceConfig, Config, RetriesConfig } from "./config.ts";
import type { Health } from "./health/health.ts";
import { createLoadReports } from "./load-reports.ts";
import type { Peer } from "./peer.ts";
import { createPeerSet, type PeerSet } from "./peer-set.ts";
import type { PickInput } from "./policy.ts";
import { createSelection } from "./selection.ts";
import { createTries, renewMean } from "./tries.ts";

const BALANCE: BalanceConfig = {
  policy: "round-robin",
  hash_on: [],
  hash_balance_factor: 1.25,
  decay_seconds: 10,
  slow_start_seconds: 0,
  slow_start_aggression: 1,
  panic_threshold: 50,
  load_blackout_seconds: 10,
  load_expiry_seconds: 180,
};
const RETRIES: RetriesConfig = {
  attempts: 2,
  methods: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
  budget: 20,
  budget_minimum: 10,
};

interface Rig {
  readonly balancer: RequestBalancer;
  readonly set: PeerSet;
  readonly input: PickInput;
  /** What health was told: peer and status. */
  readonly tried: (readonly [string, number])[];
  readonly clock: { now: number };
  /** A whole request of one try. @returns its peer */
  request(answer?: FakeRequest, seconds?: number): string | undefined;
}

function rig(
  peers: number,
  options: { balance?: Partial<BalanceConfig>; retries?: Partial<RetriesConfig>; random?: () => number } = {},
): Rig {
  const clock = { now: 1000 };
  const tried: [string, number][] = [];
  const balance = { ...BALANCE, ...options.balance };
  const retries = { ...RETRIES, ...options.retries };
  const config: Config = { targets: [], discovery: { also: [] }, balance, health: {}, retries };
  const random = { next: options.random ?? Math.random };
  const judges = { override: () => undefined, isWell: () => true };
  const set = createPeerSet({ judges, zone: balance.zone, panicThreshold: balance.panic_threshold }, {});
  const selection = createSelection(balance, random.next, {
    spread: (step) => {
      let done = false;
      while (!done) done = step();
    },
  });
  const hosts = Array.from({ length: peers }, (_one, index) => `10.0.0.${String(index)}`);
  set.replace(
    hosts.map((host) => ({ host, port: 80, weight: 1, priority: 0 })),
    clock.now,
    true,
  );
  selection.reset(set.levels());
  const health = {
    of: () => undefined,
    allows: () => true,
    tried: (peer: Peer, status: number) => tried.push([peer.key, status]),
  } as unknown as Health;
  const input: PickInput = { nowSeconds: 0, hash: 0, unknownSeconds: 0, knownPeers: 0, inFlight: 0 };
  const budget = createRetryBudget(retries.budget, retries.budget_minimum);
  const loads = createLoadReports(balance, { decode: () => undefined, encode: () => "" });
  renewMean(set, input);
  const now = { now: () => clock.now };
  const tries = createTries({ clock: now, set, health, loads, input, decaySeconds: balance.decay_seconds });
  const balancer = createBalancer({ config, clock: now, random, set, selection, tries, budget, input });
  return {
    balancer,
    set,
    input,
    tried,
    clock,
    request: (answer = {}, seconds = 0) => {
      const context = fakeContext(answer);
      balancer.begin();
      const peer = balancer.first(context);
      clock.now += seconds;
      balancer.finish(context);
      return peer?.host;
    },
  };
}

const inFlight = ({ set }: Rig): number[] => set.peers().map((peer) => peer.inFlight);

describe("the balancer", () => {
  it("counts requests under way, and none when all have ended", () => {
    const one = rig(2);
    const contexts = Array.from({ length: 4 }, () => fakeContext());
    for (const context of contexts) {
      one.balancer.begin();
      one.balancer.first(context);
    }
    expect([inFlight(one), one.input.inFlight]).toEqual([[2, 2], 4]);
    for (const context of contexts) one.balancer.finish(context);
    for (const context of contexts) one.balancer.finish(context);
    expect([inFlight(one), one.input.inFlight]).toEqual([[0, 0], 0]);
    expect(one.tried).toHaveLength(4);
  });

  it("lets go of a request whose log never ran when its handle comes again", () => {
    const one = rig(2);
    const context = fakeContext();
    for (let index = 0; index < 10; index++) {
      one.balancer.begin();
      one.balancer.first(context);
    }
    expect(one.input.inFlight).toBe(1);
    one.balancer.finish(context);
    expect(inFlight(one)).toEqual([0, 0]);
  });

  it("tells health how each try went, and nothing of clients that left", () => {
    const one = rig(1);
    one.request({ status: 200 });
    one.request({ status: 404 });
    one.request({ status: 503 });
    one.request({ status: 502, upstreamFailed: true });
    one.request({ status: 499 });
    expect(one.tried.map(([, status]) => status)).toEqual([200, 404, 503, 0]);
  });

  it("tries each peer once, then begins again, as long as tries are allowed", () => {
    const one = rig(3);
    const context = fakeContext({ status: 200 });
    one.balancer.begin();
    const asked = [one.balancer.first(context)?.host];
    expect(one.balancer.moreTries(context)).toBe(2);
    for (let index = 0; index < 5; index++) {
      one.balancer.begin();
      asked.push(one.balancer.next(context, index === 0 ? 503 : 0)?.host);
    }
    expect(new Set(asked.slice(0, 3)).size).toBe(3);
    expect(asked).not.toContain(undefined);
    one.balancer.finish(context);
    expect(inFlight(one)).toEqual([0, 0, 0]);
    expect(one.tried.map(([, status]) => status)).toEqual([503, 0, 0, 0, 0, 200]);
  });

  it("gives no more tries than the budget has", () => {
    const one = rig(3, { retries: { budget: 20, budget_minimum: 0 } });
    let allowed = 0;
    for (let index = 0; index < 1000; index++) {
      const context = fakeContext({ status: 503 });
      one.balancer.begin();
      one.balancer.first(context);
      one.balancer.begin();
      if (one.balancer.next(context, 503) !== undefined) allowed += 1;
      one.balancer.finish(context);
    }
    expect(allowed).toBe(200);
    expect(inFlight(one)).toEqual([0, 0, 0]);
  });

  it("does not promise tries when there are none left, or the method may not be sent twice", () => {
    const none = rig(2, { retries: { budget: 0, budget_minimum: 0 } });
    const get = fakeContext();
    none.balancer.begin();
    none.balancer.first(get);
    expect(none.balancer.moreTries(get)).toBe(0);
    const posts = rig(2, { retries: { methods: ["POST"] } });
    expect(posts.balancer.moreTries(fakeContext({ method: "GET" }))).toBe(0);
    expect(posts.balancer.moreTries(fakeContext({ method: "POST" }))).toBe(2);
  });

  it("asks the one that is alone, and after it none but that, whatever is excluded", () => {
    const one = rig(3);
    const context = fakeContext();
    one.balancer.begin();
    one.balancer.only(one.balancer.find("10.0.0.2:80"));
    expect(one.balancer.first(context)?.host).toBe("10.0.0.2");
    one.balancer.begin();
    for (let index = 0; index < 3; index++) one.balancer.exclude(index);
    expect(one.balancer.next(context, 0)?.host).not.toBe("10.0.0.2");
    one.balancer.finish(context);
  });

  it("reads nginx's times for slow answers and for one in eight others", () => {
    const one = rig(1, { balance: { policy: "peak-ewma" } });
    const reads = (seconds: number): number => {
      const context = fakeContext({ answerSeconds: seconds });
      one.balancer.begin();
      one.balancer.first(context);
      one.clock.now += seconds;
      one.balancer.finish(context);
      return context.reads.filter((name) => name === "answerSeconds").length;
    };
    expect([reads(0), reads(0.2), reads(0.3)]).toEqual([0, 1, 1]);
    expect(Array.from({ length: 8 }, () => reads(0.1))).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it("takes the time until the answer began, not the client's for reading it", () => {
    const one = rig(1);
    one.request({ answerSeconds: 0.05 }, 20);
    expect(one.set.peers()[0]?.latencySeconds).toBe(0.05);
    one.request({ status: 101, answerSeconds: 0.01 }, 3600);
    expect(one.set.peers()[0]?.latencySeconds).toBe(0.05);
  });

  it("takes a client that waited in vain as an answer of that length", () => {
    const one = rig(1);
    one.request({ status: 499 }, 7);
    expect(one.set.peers()[0]?.latencySeconds).toBe(7);
  });

  it("takes peers without answers for the mean of the others from the first answer on", () => {
    const one = rig(3, { balance: { policy: "peak-ewma" } });
    expect(one.input.unknownSeconds).toBe(0.0005);
    one.request({ answerSeconds: 0.1 }, 0.1);
    expect(one.input.unknownSeconds).toBe(0.1);
    for (let index = 0; index < 20; index++) one.request({ answerSeconds: 0.4 }, 0.4);
    const known = one.set.peers().filter(({ latencySeconds }) => latencySeconds >= 0);
    expect(known.length).toBeGreaterThan(1);
    expect(one.input.unknownSeconds).toBeGreaterThan(0.1);
  });

  it("takes a try that failed as an answer of that length, and one that was turned away at once as none", () => {
    const one = rig(1);
    const context = fakeContext();
    one.balancer.begin();
    one.balancer.first(context);
    one.balancer.next(context, 0);
    expect(one.set.peers()[0]?.latencySeconds).toBe(-1);
    one.clock.now += 3;
    one.balancer.next(context, 0);
    expect(one.set.peers()[0]?.latencySeconds).toBe(3);
    one.balancer.finish(context);
  });

  it("bounds the tries of what may be sent twice, and of nothing else", () => {
    const one = rig(2, { retries: { timeout_seconds: 0.5 } });
    const secondsOf = (method: string): number | undefined => one.balancer.tryTimeoutSeconds(fakeContext({ method }));
    expect([secondsOf("GET"), secondsOf("PUT"), secondsOf("POST")]).toEqual([0.5, 0.5, undefined]);
    expect(rig(2).balancer.tryTimeoutSeconds(fakeContext())).toBeUndefined();
  });

  it("sends requests of one key to one peer, and keyless ones to all", () => {
    const one = rig(5, { balance: { policy: "consistent-hash", hash_on: ["header:X-User"] } });
    const of = (user: string): string | undefined => one.request({ headers: { "x-user": user } });
    const homes = Array.from({ length: 50 }, (_one, index) => of(`user ${String(index)}`));
    expect(Array.from({ length: 50 }, (_one, index) => of(`user ${String(index)}`))).toEqual(homes);
    expect(new Set(homes).size).toBe(5);
    expect(new Set(Array.from({ length: 200 }, () => one.request())).size).toBe(5);
  });

  it("finds no peer where there is none", () => {
    expect(rig(0).request()).toBeUndefined();
    expect(rig(0).balancer.moreTries(fakeContext())).toBe(0);
  });
});
