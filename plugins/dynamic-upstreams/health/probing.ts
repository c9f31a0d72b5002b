/**
 * Probes all peers, each about once an interval, in as few background tasks as that takes: one waits for what is due next,
 * and another one begins whenever all are waiting for answers, up to `MOST_TASKS`. Peers that are due wait in a heap, so that
 * the next one is found in O(log n).
 */
import { addRow, deferFirst, newRankHeap } from "../../_core/balance/rank-heap.ts";
import { verdictOf } from "../../_core/health/peer-condition.ts";
import type { Clock, Random, Tasks } from "../../_kit/ports.ts";
import type { ActiveConfig } from "../config.ts";
import type { Peer } from "../peer.ts";
import type { Prober } from "./probe-one.ts";
import { newProbeTarget, type ProbeTarget } from "./probe-target.ts";
import type { ProbeVerdicts } from "./probe-verdicts.ts";
import type { SharedConditions } from "./shared-conditions.ts";

interface ProbingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly tasks: Tasks;
  readonly shared: SharedConditions;
  readonly verdicts: ProbeVerdicts;
  readonly prober: Prober;
  /** No worker has probed before. */
  readonly isFirst: boolean;
}

/** At once for an upstream. 5,000 peers that all hang for a second are gone through in 80 seconds, well ones in 5. */
const MOST_TASKS = 64;
/** Tasks that wait for what is due next: with two of them one is left when a probe is due, and none has to begin. */
const MOST_IDLE = 2;
/** How often it is seen who has come and gone, and whether to go on at all. */
const LOOK_SECONDS = 1;
const LONGEST_PAUSE = 0.25;
const SHORTEST_PAUSE = 0.01;
/** An interval is up to so much shorter or longer, so that probes of many peers do not fall together. */
const JITTER = 0.1;

/** Starts the tasks; they end when `running` says false. */
export function startProbing(
  config: ActiveConfig,
  parts: ProbingParts,
  peers: () => readonly Peer[],
  running: () => boolean,
): void {
  const { clock, random, tasks, shared, verdicts, prober, isFirst } = parts;
  const intervalSeconds = config.interval_seconds;
  const targets: Record<string, ProbeTarget | undefined> = {};
  let heap = newRankHeap<ProbeTarget>();
  let lookedSeconds = 0;
  let round = 0;
  let working = 1;
  let idle = 0;

  /** At a random moment of the interval, so that they are spread from the start. */
  function firstDue(now: number): number {
    return now + intervalSeconds * random.next();
  }

  /** Whoever is there before anybody has probed is new, and so is who comes later; in between an earlier worker has probed. */
  function meet(peer: Peer, now: number): ProbeTarget {
    const target = newProbeTarget(peer, !isFirst && round === 1, verdictOf(shared.of(peer.key)));
    targets[peer.key] = target;
    addRow(heap, target, firstDue(now), heap.rows);
    return target;
  }

  /** Without those that are gone; all over again when the clock was set back, or nobody would be due for as long. */
  function renew(now: number, wentBack: boolean): void {
    const before = heap;
    heap = newRankHeap<ProbeTarget>();
    for (let row = 0; row < before.rows; row++) {
      const target = before.entries[row];
      if (target !== undefined && !target.gone) {
        addRow(heap, target, wentBack ? firstDue(now) : (before.ranks[row] ?? now), heap.rows);
      }
    }
  }

  function look(now: number): void {
    const wentBack = now < lookedSeconds;
    if (!wentBack && now - lookedSeconds < LOOK_SECONDS) {
      return;
    }
    lookedSeconds = now;
    round += 1;
    for (const peer of peers()) {
      const target = targets[peer.key] ?? meet(peer, now);
      target.peer = peer;
      target.round = round;
    }
    let anyGone = false;
    for (const key in targets) {
      const target = targets[key];
      if (target !== undefined && target.round !== round) {
        target.gone = true;
        targets[key] = undefined;
        anyGone = true;
      }
    }
    if (anyGone || wentBack) {
      renew(now, wentBack);
    }
  }

  /** Who is due, with the next time set. One whose probe takes longer than an interval is left for the next. */
  function take(now: number): ProbeTarget | undefined {
    let due = heap.ranks[0];
    while (due !== undefined && due <= now) {
      const target = heap.entries[0];
      deferFirst(heap, now + intervalSeconds * (1 - JITTER + 2 * JITTER * random.next()));
      if (target !== undefined && !target.busy) {
        return target;
      }
      due = heap.ranks[0];
    }
    return undefined;
  }

  function pause(now: number): number {
    const left = (heap.ranks[0] ?? now + LONGEST_PAUSE) - now;
    if (left > LONGEST_PAUSE) {
      return LONGEST_PAUSE;
    }
    return left < SHORTEST_PAUSE ? SHORTEST_PAUSE : left;
  }

  function probe(target: ProbeTarget): void {
    target.busy = true;
    const result = prober(target.peer.entry);
    target.busy = false;
    if (running()) {
      verdicts.take(target, result);
    }
  }

  function work(): void {
    while (running()) {
      const now = clock.now();
      look(now);
      const target = take(now);
      if (target !== undefined) {
        if (idle === 0 && working < MOST_TASKS) {
          working += 1;
          tasks.start(work);
        }
        probe(target);
      } else if (idle >= MOST_IDLE) {
        break;
      } else {
        idle += 1;
        const goesOn = tasks.sleep(pause(now));
        idle -= 1;
        if (!goesOn) {
          break;
        }
      }
    }
    working -= 1;
  }

  tasks.start(work);
}
