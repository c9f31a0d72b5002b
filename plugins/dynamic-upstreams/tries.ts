/** What is learned from how tries ended: the peer's latency, its health, its own word on its load. */
import { knownLatencies, meanLatency, meanWithOneMore, observeLatency } from "../_core/balance/peak-ewma.ts";
import type { Context } from "../_kit/context.ts";
import type { Clock } from "../_kit/ports.ts";
import type { Health } from "./health/health.ts";
import type { LoadReports } from "./load-reports.ts";
import type { Peer } from "./peer.ts";
import type { PeerSet } from "./peer-set.ts";
import type { PickInput } from "./policy.ts";
import type { UnderWay } from "./under-way.ts";

/** @noSelf */
export interface Tries {
  /** The request has ended, and its last try was at `peer`. */
  ended(peer: Peer, record: UnderWay, context: Context): void;
  /** A try was no good and another one follows. @param status 0: no answer */
  failed(peer: Peer, record: UnderWay, status: number, nowSeconds: number): void;
  /** The tries of a request that somebody else has sent. */
  observe(context: Context): void;
}

export interface TriesParts {
  readonly clock: Clock;
  readonly set: PeerSet;
  readonly health: Health;
  readonly loads: LoadReports;
  readonly input: PickInput;
  readonly decaySeconds: number;
}

/** Answers as soon as this are taken as they are: the clock has no finer steps. */
const CLOCK_STEP_SECONDS = 0.001;
/** nginx's own times are dear to read: one answer in so many is timed by them, and every one that seems slow. */
const TIMED_ONE_IN = 8;

const CLIENT_GONE = 499;
const SWITCHING_PROTOCOLS = 101;
const FIRST_FAILURE = 500;

/** What peers without observations are taken for; renewed each second. */
export function renewMean(set: PeerSet, input: PickInput): void {
  input.unknownSeconds = meanLatency(set.peers());
  input.knownPeers = knownLatencies(set.peers());
}

export function createTries({ clock, set, health, loads, input, decaySeconds }: TriesParts): Tries {
  // Locals of the function around them are what LuaJIT takes for constants.
  const tried = health.tried;
  const secondsNow = clock.now;
  const readLoad = loads.read;
  let untimed = 0;

  /**
   * A peer's first answer changes at once what those without any are taken for: else the slowest of new peers would be given
   * all that a guess from before allows.
   */
  function learn(peer: Peer, seconds: number, now: number): void {
    const isFirst = peer.latencySeconds < 0;
    observeLatency(peer, seconds, now, decaySeconds);
    if (isFirst) {
      input.unknownSeconds = meanWithOneMore(input.unknownSeconds, input.knownPeers, seconds);
      input.knownPeers += 1;
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
  function answered(peer: Peer, record: UnderWay, context: Context, now: number): void {
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

  return {
    ended: (peer, record, context) => {
      const status = context.status();
      const now = secondsNow();
      if (status >= FIRST_FAILURE) {
        // One that fails fast is not fast.
        waitedInVain(peer, record, now);
        tried(peer, context.upstreamFailed() ? 0 : status, now);
      } else if (status === CLIENT_GONE) {
        waitedInVain(peer, record, now);
        return;
      } else {
        if (status !== SWITCHING_PROTOCOLS) {
          answered(peer, record, context, now);
        }
        tried(peer, status, now);
      }
      readLoad(peer, context, now);
    },
    failed: (peer, record, status, now) => {
      tried(peer, status, now);
      waitedInVain(peer, record, now);
    },
    observe: (context) => {
      const now = secondsNow();
      for (const { peer: key, status, seconds } of context.upstreamTries()) {
        const peer = set.find(key);
        if (peer !== undefined) {
          tried(peer, status, now);
          learn(peer, seconds, now);
        }
      }
    },
  };
}
