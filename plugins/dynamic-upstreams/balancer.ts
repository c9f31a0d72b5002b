/** The balancer of one upstream in one worker: picks for each try, and learns from how it went. */
import { deposit, type RetryBudget, withdraw } from "../_core/balance/retry-budget.ts";
import type { Balancer } from "../_kit/balancer.ts";
import type { Context } from "../_kit/context.ts";
import type { PeerAddress } from "../_kit/decision.ts";
import type { Clock, Random } from "../_kit/ports.ts";
import type { Config } from "./config.ts";
import { hashReader } from "./hash-key.ts";
import { type Peer, peerKey } from "./peer.ts";
import type { PeerSet } from "./peer-set.ts";
import { peerView } from "./peer-view.ts";
import type { PickInput } from "./policy.ts";
import { isNginxOwn, retryGate } from "./retry-gate.ts";
import type { Selection } from "./selection.ts";
import type { Tries } from "./tries.ts";
import { createUnderWay, type UnderWay } from "./under-way.ts";

/** What people do with it is elsewhere. @noSelf */
export interface RequestBalancer extends Omit<Balancer, "shown" | "show" | "steer"> {
  /** The request ended without being sent to the peer that was picked. */
  abandon(context: Context): void;
}

export interface BalancerParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly set: PeerSet;
  readonly selection: Selection;
  readonly tries: Tries;
  readonly budget: RetryBudget;
  readonly input: PickInput;
}

export function createBalancer(parts: BalancerParts): RequestBalancer {
  const { config, clock, random, set, selection, tries, budget, input } = parts;
  const { attempts, methods, timeout_seconds: tryTimeout } = config.retries;
  const hashes = config.balance.policy === "consistent-hash";
  const hashOf = hashReader(config.balance.hash_on, random.next);
  // Locals of the function around them are what LuaJIT takes for constants.
  const { find, begin, end } = createUnderWay();
  const pickPeer = selection.pick;
  const secondsNow = clock.now;
  const ended = tries.ended;
  const taking = set.taking;
  const view = peerView(set, selection);
  const nobody: readonly Peer[] = [];
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
    peer.inFlight += 1;
    input.inFlight += 1;
  }

  /** The request's record, empty. One that is there was left by a request whose log never ran. */
  function recordOf(context: Context): UnderWay {
    const handle = context.handle();
    const old = find(handle);
    if (old !== undefined) {
      leave(old);
      end(handle, old);
    }
    const record = begin(handle);
    return record;
  }

  function pick(record: UnderWay, tried: readonly Peer[], now: number): PeerAddress | undefined {
    input.nowSeconds = now;
    input.hash = record.hash;
    const peer = pickPeer(input, tried);
    if (peer === undefined) {
      return undefined;
    }
    arrive(record, peer, now);
    return peer.entry;
  }

  return {
    count: view.count,
    key: view.key,
    find: view.find,
    exclude: view.exclude,
    only: view.only,
    begin: selection.begin,
    first: (context) => {
      const record = recordOf(context);
      record.hash = hashes ? hashOf(context) : 0;
      const now = secondsNow();
      deposit(budget, now);
      const peer = pick(record, nobody, now);
      return peer;
    },
    chosen: (context, { host, port }) => {
      const record = recordOf(context);
      const now = secondsNow();
      deposit(budget, now);
      const peer = set.find(peerKey(host, port));
      if (peer !== undefined) {
        arrive(record, peer, now);
      }
    },
    moreTries: (context) => {
      if (attempts === 0 || budget.tokens < 1 || taking() === 0) {
        return 0;
      }
      return nginxKeepsToMethods || mayRetry(context.method()) ? attempts : 0;
    },
    next: (context, status) => {
      const record = find(context.handle());
      if (record === undefined) {
        return undefined;
      }
      const now = secondsNow();
      const failed = leave(record);
      if (failed !== undefined) {
        tries.failed(failed, record, status, now);
        record.tried.push(failed);
      }
      if (!withdraw(budget, now)) {
        return undefined;
      }
      return pick(record, record.tried, now);
    },
    tryTimeoutSeconds: (context) => (tryTimeout !== undefined && mayRetry(context.method()) ? tryTimeout : undefined),
    finish: (context) => {
      const handle = context.handle();
      const record = find(handle);
      if (record !== undefined) {
        const peer = leave(record);
        if (peer !== undefined) {
          ended(peer, record, context);
        }
        end(handle, record);
      }
    },
    abandon: (context) => {
      const handle = context.handle();
      const record = find(handle);
      if (record !== undefined) {
        leave(record);
        end(handle, record);
      }
    },
    blocks: (host, port) => {
      const override = set.overrideOf(peerKey(host, port));
      return override !== undefined && override.state !== "up";
    },
    taking,
  };
}
