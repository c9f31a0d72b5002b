/** The balancer of one upstream in one worker: picks for each try, and learns from how it went. */
import { meanLatency, observeLatency } from "../_core/balance/peak-ewma.ts";
import { deposit, type RetryBudget, withdraw } from "../_core/balance/retry-budget.ts";
import type { Balancer } from "../_kit/balancer.ts";
import type { Context } from "../_kit/context.ts";
import type { PeerAddress } from "../_kit/decision.ts";
import type { Clock, Random } from "../_kit/ports.ts";
import type { Config } from "./config.ts";
import { hashReader } from "./hash-key.ts";
import type { Health } from "./health/health.ts";
import type { LoadReports } from "./load-reports.ts";
import { type Peer, peerKey } from "./peer.ts";
import type { PeerSet } from "./peer-set.ts";
import type { PickInput } from "./policy.ts";
import { isNginxOwn, retryGate } from "./retry-gate.ts";
import type { Selection } from "./selection.ts";
import { createUnderWay, type UnderWay } from "./under-way.ts";

/** What people do with it is elsewhere. @noSelf */
export interface RequestBalancer extends Omit<Balancer, "shown" | "show" | "steer"> {
  /** The request ended without being sent to the peer that was picked. */
  abandon(context: Context): void;
  /** Counts the tries of a request that somebody else has sent. */
  observeTries(context: Context): void;
}

export interface BalancerParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly set: PeerSet;
  readonly selection: Selection;
  readonly health: Health;
  readonly loads: LoadReports;
  readonly budget: RetryBudget;
  readonly input: PickInput;
}

/** Answers as soon as this are taken as they are: the clock has no finer steps. */
const CLOCK_STEP_SECONDS = 0.001;
/** nginx's own times are dear to read: one answer in so many is timed by them, and every one that seems slow. */
const TIMED_ONE_IN = 8;

const CLIENT_GONE = 499;
const SWITCHING_PROTOCOLS = 101;
const FIRST_FAILURE = 500;

export function createBalancer(parts: BalancerParts): RequestBalancer {
  const { config, clock, random, set, selection, health, loads, budget, input } = parts;
  const { attempts, methods, timeout_seconds: tryTimeout } = config.retries;
  const decaySeconds = config.balance.decay_seconds;
  const hashes = config.balance.policy === "consistent-hash";
  const hashOf = hashReader(config.balance.hash_on, random.next);
  const underWay = createUnderWay();
  const nobody: readonly Peer[] = [];
  let untimed = 0;
  let renewedSeconds = 0;

  const mayRetry = retryGate(methods);
  const nginxKeepsToMethods = isNginxOwn(methods);

  /** A try is over, whoever ends it. */
  function leave(record: UnderWay): Peer | undefined {
    const peer = record.peer;
    if (peer !== undefined) {
      record.peer = undefined;
      peer.inFlight -= 1;
      input.inFlight -= 1;
    }
    return peer;
  }

  function arrive(record: UnderWay, peer: Peer, now: number): void {
    record.peer = peer;
    record.startedSeconds = now;
    record.tries += 1;
    peer.inFlight += 1;
    input.inFlight += 1;
  }

  /** The request's record, empty. One that is there was left by a request whose log never ran. */
  function recordOf(context: Context): UnderWay {
    const handle = context.handle();
    const old = underWay.find(handle);
    if (old !== undefined) {
      leave(old);
      underWay.end(handle, old);
    }
    const record = underWay.begin(handle);
    return record;
  }

  function pick(record: UnderWay, tried: readonly Peer[], now: number): Peer | undefined {
    input.nowSeconds = now;
    input.hash = record.hash;
    const peer = selection.pick(input, tried);
    if (peer !== undefined) {
      arrive(record, peer, now);
    }
    return peer;
  }

  /**
   * A peer's first answer changes at once what those without any are taken for: else the slowest of new peers would be given
   * all that a guess from before allows. Once in a step of the clock is enough.
   */
  function learn(peer: Peer, seconds: number, now: number): void {
    const isFirst = peer.latencySeconds < 0;
    observeLatency(peer, seconds, now, decaySeconds);
    if (isFirst && now !== renewedSeconds) {
      renewedSeconds = now;
      renewMean(set, input);
    }
  }

  /** It took at least so long: who waited in vain says so too. Who was turned away at once says nothing: that is no speed. */
  function waitedInVain(peer: Peer, record: UnderWay, now: number): void {
    const elapsed = now - record.startedSeconds;
    const expected = peer.latencySeconds < 0 ? input.unknownSeconds : peer.latencySeconds;
    if (elapsed > expected) {
      learn(peer, elapsed, now);
    }
  }

  /** How long the answer took to begin, read from nginx only now and then. */
  function observe(peer: Peer, record: UnderWay, context: Context, now: number): void {
    const elapsed = now - record.startedSeconds;
    if (elapsed <= CLOCK_STEP_SECONDS) {
      learn(peer, elapsed < 0 ? 0 : elapsed, now);
      return;
    }
    untimed += 1;
    if (elapsed <= peer.latencySeconds && untimed < TIMED_ONE_IN) {
      return;
    }
    untimed = 0;
    const seconds = context.answerSeconds();
    learn(peer, seconds === undefined || seconds > elapsed ? elapsed : seconds, now);
  }

  function settle(peer: Peer, record: UnderWay, context: Context): void {
    const status = context.status();
    const now = clock.now();
    if (status === CLIENT_GONE) {
      waitedInVain(peer, record, now);
      return;
    }
    if (status !== SWITCHING_PROTOCOLS) {
      observe(peer, record, context, now);
    }
    if (status < FIRST_FAILURE) {
      health.tried(peer, status, now);
    } else {
      health.tried(peer, context.upstreamFailed() ? 0 : status, now);
    }
    loads.read(peer, context, now);
  }

  function first(context: Context): PeerAddress | undefined {
    const record = recordOf(context);
    record.hash = hashes ? hashOf(context) : 0;
    const now = clock.now();
    deposit(budget, now);
    const peer = pick(record, nobody, now);
    return peer?.entry;
  }

  function finish(context: Context): void {
    const handle = context.handle();
    const record = underWay.find(handle);
    if (record !== undefined) {
      const peer = leave(record);
      if (peer !== undefined) {
        settle(peer, record, context);
      }
      underWay.end(handle, record);
    }
  }

  return {
    count: () => set.peers().length,
    key: (index) => set.peers()[index]?.key ?? "",
    find: (key) => set.find(key)?.index ?? -1,
    exclude: (index) => {
      const peer = set.peers()[index];
      if (peer !== undefined) {
        selection.exclude(peer);
      }
    },
    only: (index) => {
      const peer = set.peers()[index];
      if (peer !== undefined) {
        selection.only(peer);
      }
    },
    begin: selection.begin,
    first,
    abandon: (context) => {
      const handle = context.handle();
      const record = underWay.find(handle);
      if (record !== undefined) {
        leave(record);
        underWay.end(handle, record);
      }
    },
    observeTries: (context) => {
      const now = clock.now();
      for (const { peer: key, status, seconds } of context.upstreamTries()) {
        const peer = set.find(key);
        if (peer !== undefined) {
          health.tried(peer, status, now);
          learn(peer, seconds, now);
        }
      }
    },
    chosen: (context, { host, port }) => {
      const record = recordOf(context);
      const now = clock.now();
      deposit(budget, now);
      const peer = set.find(peerKey(host, port));
      if (peer !== undefined) {
        arrive(record, peer, now);
      }
    },
    moreTries: (context) => {
      if (attempts === 0 || budget.tokens < 1 || set.taking() === 0) {
        return 0;
      }
      return nginxKeepsToMethods || mayRetry(context.method()) ? attempts : 0;
    },
    next: (context, status) => {
      const record = underWay.find(context.handle());
      if (record === undefined) {
        return undefined;
      }
      const now = clock.now();
      const failed = leave(record);
      if (failed !== undefined) {
        health.tried(failed, status, now);
        waitedInVain(failed, record, now);
        record.tried.push(failed);
      }
      if (!withdraw(budget, now)) {
        return undefined;
      }
      const peer = pick(record, record.tried, now);
      return peer?.entry;
    },
    tryTimeoutSeconds: (context) => (tryTimeout !== undefined && mayRetry(context.method()) ? tryTimeout : undefined),
    finish,
    blocks: (host, port) => {
      const override = set.overrideOf(peerKey(host, port));
      return override !== undefined && override.state !== "up";
    },
    taking: set.taking,
  };
}

/** Each second: what peers without observations are taken for. */
export function renewMean(set: PeerSet, input: PickInput): void {
  input.unknownSeconds = meanLatency(set.peers());
}
