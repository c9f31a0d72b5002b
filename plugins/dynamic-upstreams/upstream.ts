/** One upstream in one worker, whole: its set, its health, how peers are picked, and what follows the other workers. */
import { createRetryBudget } from "../_core/balance/retry-budget.ts";
import type { WorkerHost } from "../_kit/handlers.ts";
import { availabilityTeller } from "./availability.ts";
import { createBalancer, type RequestBalancer } from "./balancer.ts";
import type { Config } from "./config.ts";
import type { Turns } from "./hash-policy.ts";
import { createHealth } from "./health/create-health.ts";
import type { Health } from "./health/health.ts";
import { leadership } from "./leadership.ts";
import { createLoadReports } from "./load-reports.ts";
import { createMembers, type Members } from "./members.ts";
import type { Peer } from "./peer.ts";
import { createPeerSet, type PeerSet } from "./peer-set.ts";
import type { PickInput } from "./policy.ts";
import { createSelection } from "./selection.ts";
import { createSteering, type Steering } from "./steering.ts";
import { createTries, renewMean, type Tries } from "./tries.ts";
import { renewWeights } from "./weights.ts";

/** Its own, so that nothing that grows with traffic can push out who the peers are. */
export const DICT = "autoscale_upstreams";

/** @noSelf */
export interface Upstream {
  readonly name: string;
  readonly config: Config;
  readonly requests: RequestBalancer;
  readonly tries: Tries;
  readonly set: PeerSet;
  readonly health: Health;
  readonly members: Members;
  readonly steering: Steering;
  /** Takes over at once what changed; happens by itself four times a second. */
  catchUp(): void;
  /** Asks anew who takes requests. */
  refresh(): void;
  /** Each second: tells what was counted, and does in the keeper what is to be done once in the node. */
  tick(): void;
  /** Nobody uses it any more: its background tasks end. */
  stop(): void;
}

/** @param known peers of the upstream as it was configured before, by key */
export function createUpstream(
  name: string,
  config: Config,
  worker: WorkerHost,
  turns: Turns,
  known: Readonly<Record<string, Peer | undefined>>,
): Upstream {
  const { clock, random, events, log, http, tasks, json } = worker;
  const { zone, panic_threshold: panicThreshold } = config.balance;
  const store = worker.store(DICT);
  const health = createHealth(name, config.health, { store, clock, random, events, log, http, tasks, json });
  const members = createMembers(name, config, worker, store);
  const steering = createSteering(name, store, events);
  const judges = { override: steering.override, isWell: health.allows };
  const set = createPeerSet({ judges, zone, panicThreshold }, known);
  const selection = createSelection(config.balance, random.next, turns);
  const loads = createLoadReports(config.balance, json);
  const budget = createRetryBudget(config.retries.budget, config.retries.budget_minimum);
  const input: PickInput = { nowSeconds: 0, hash: 0, unknownSeconds: 0, knownPeers: 0, inFlight: 0 };
  const tell = availabilityTeller(name, events);
  let stopped = false;

  function apply(): void {
    renewWeights(set, health, loads, config.balance, clock.now());
    selection.reset(set.levels());
  }

  function refresh(): void {
    set.refresh(clock.now());
    apply();
  }

  function adopt(atStart: boolean): void {
    const now = clock.now();
    set.replace(members.entries(), now, atStart);
    // Who is not known to be a peer is not ejected, whatever it does: a second would be long.
    health.flush(set.peers(), now);
    apply();
  }

  function catchUp(): void {
    const now = clock.now();
    const isOther = members.follow();
    const judged = health.catchUp(now);
    const steered = steering.catchUp(set, now);
    if (isOther) {
      adopt(false);
    } else if (judged || steered) {
      refresh();
    }
  }

  const isKeeper = (): boolean => !stopped && worker.isKeeper();
  const leads = leadership(isKeeper, (running) => {
    members.lead(running, catchUp);
    health.probe(set.peers, running);
  });

  members.follow();
  health.catchUp(clock.now());
  adopt(true);
  renewMean(set, input);
  leads();
  const tries = createTries({ clock, set, health, loads, input, decaySeconds: config.balance.decay_seconds });
  return {
    name,
    config,
    requests: createBalancer({ config, clock, random, set, selection, tries, budget, input }),
    tries,
    set,
    health,
    members,
    steering,
    catchUp,
    refresh,
    tick: () => {
      const now = clock.now();
      health.flush(set.peers(), now);
      if (leads()) {
        health.sweep(set.peers(), now);
        members.keep(now);
        tell(set);
      }
      loads.renew(set.peers(), now);
      renewWeights(set, health, loads, config.balance, now);
      renewMean(set, input);
    },
    stop: () => {
      stopped = true;
    },
  };
}
