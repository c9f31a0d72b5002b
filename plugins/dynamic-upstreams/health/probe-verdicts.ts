/**
 * From results of probes to what all workers are told. What a probe finds is compared with what is shared, each time: so it
 * is written when it is new, and again when it was lost. Results are gathered and written together: thousands of probes cost
 * a write a quarter of a second at most.
 *
 * A probe that goes well does not end an ejection, other than in Envoy (where `successful_active_health_check_uneject_host` is
 * on): it asks for one path only, and what ejected the peer were requests. It is let back when its time is up.
 */
import { conditionOf, ejectionOf, verdictOf, type Verdict } from "../../_core/health/peer-condition.ts";
import { takeProbe } from "../../_core/health/probe-state.ts";
import type { AgentWords } from "../../_core/balance/agent-word.ts";
import { integerText } from "../../_core/text.ts";
import type { ActiveConfig } from "../config.ts";
import type { ConditionChanges } from "./condition-changes.ts";
import type { HealthTotals } from "./health-totals.ts";
import type { PeerRoster } from "./peer-roster.ts";
import type { ProbeResult } from "./probe-one.ts";
import type { ProbeTarget } from "./probe-target.ts";
import type { SharedConditions } from "./shared-conditions.ts";

/** @noSelf */
export interface ProbeVerdicts {
  take(target: ProbeTarget, result: ProbeResult): void;
  /** True while something is to be written. */
  waits(): boolean;
  /** Between `begin` and `end` of the changes. */
  write(): void;
  /** After an `end` that went well. */
  written(): void;
}

interface Finding {
  readonly target: ProbeTarget;
  readonly verdict: Verdict;
  readonly reason: string;
}

interface VerdictParts {
  readonly shared: SharedConditions;
  readonly roster: PeerRoster;
  readonly changes: ConditionChanges;
  readonly totals: HealthTotals;
}

/** People are told of a share that moves by so much; the balancer follows each percent. */
const TOLD_SHARE = 0.1;

function isSame(one: Verdict, other: Verdict): boolean {
  return one.unhealthy === other.unhealthy && one.draining === other.draining && one.share === other.share;
}

/** What a line does not mention stays as it was: so HAProxy reads its agents. */
function heed(target: ProbeTarget, words: AgentWords): void {
  if (words.share !== undefined) {
    target.share = words.share < 1 ? Math.floor(words.share * 100 + 0.5) / 100 : 1;
  }
  target.draining = words.draining ?? target.draining;
  target.down = words.down ?? target.down;
}

/** A share of 0 drains, as HAProxy shows it too. */
function verdictNow({ state, note, share, draining }: ProbeTarget): Verdict {
  return { unhealthy: state.unhealthy, draining: draining || share === 0, share: share === 0 ? 1 : share, note };
}

function isTold(before: number, share: number): boolean {
  const moved = Math.abs(share - before);
  return moved >= TOLD_SHARE - 1e-9 || (moved > 0 && share === 1);
}

function percentText(share: number): string {
  return `share ${integerText(Math.floor(share * 100 + 0.5))}%`;
}

export function probeVerdicts(config: ActiveConfig, parts: VerdictParts): ProbeVerdicts {
  const { shared, roster, changes, totals } = parts;
  const { healthy_after: healthyAfter, unhealthy_after: unhealthyAfter } = config;
  let found: Record<string, Finding | undefined> = {};
  let isWaiting = false;

  function noteOf(isFirst: boolean, problem: string): string {
    const probes = isFirst || unhealthyAfter === 1 ? "a probe" : `${integerText(unhealthyAfter)} probes in a row`;
    return `${probes} failed: ${problem}`;
  }

  function reasonOf(isFirst: boolean, atOnce: boolean): string {
    if (atOnce) {
      return "its agent says that it is up";
    }
    const probes = isFirst || healthyAfter === 1 ? "a probe" : `${integerText(healthyAfter)} probes in a row`;
    return `${probes} went well`;
  }

  /** @returns why it is healthy, if it is so since now */
  function step(target: ProbeTarget, { succeeded, problem, words }: ProbeResult): string {
    const isFirst = target.state.isNew;
    const isDown = succeeded && target.down;
    const atOnce = isDown || (succeeded && words?.up === true);
    if (takeProbe(target.state, succeeded && !isDown, atOnce, healthyAfter, unhealthyAfter)) {
      const note = isDown ? "its agent says that it is down" : noteOf(isFirst, problem);
      target.note = target.state.unhealthy ? note : "";
    }
    return target.state.unhealthy ? "" : reasonOf(isFirst, atOnce);
  }

  function tell({ target, verdict, reason }: Finding): void {
    const key = target.peer.key;
    const current = shared.of(key);
    const before = verdictOf(current);
    const next = conditionOf(verdict, ejectionOf(current));
    if (verdict.unhealthy !== before.unhealthy) {
      const to = verdict.unhealthy ? "unhealthy" : "healthy";
      const inputs = verdict.unhealthy ? { unhealthy_after: unhealthyAfter } : { healthy_after: healthyAfter };
      changes.make(key, next, {
        to,
        reason: verdict.unhealthy ? verdict.note : reason,
        inputs,
        startsAnew: !verdict.unhealthy,
      });
    }
    if (verdict.draining !== before.draining) {
      const from = verdict.draining ? "accepting" : "draining";
      const to = verdict.draining ? "draining" : "accepting";
      const reason = `its agent asks for ${verdict.draining ? "no new" : "new"} requests`;
      changes.make(key, next, { from, to, reason, inputs: { share: target.share }, startsAnew: false });
    }
    if (isTold(target.toldShare, verdict.share)) {
      const from = percentText(target.toldShare);
      const to = percentText(verdict.share);
      const reason = "its agent asks for another share of its weight";
      changes.make(key, next, { from, to, reason, inputs: { share: verdict.share }, startsAnew: false });
    }
    changes.makeQuietly(key, next);
  }

  return {
    take: (target, result) => {
      totals.count(result.succeeded ? "probe_success" : "probe_failure");
      if (result.words !== undefined) {
        heed(target, result.words);
      }
      const reason = step(target, result);
      const verdict = verdictNow(target);
      const key = target.peer.key;
      if (isSame(verdict, verdictOf(shared.of(key)))) {
        found[key] = undefined;
      } else {
        found[key] = { target, verdict, reason };
        isWaiting = true;
      }
    },
    waits: () => isWaiting,
    write: () => {
      for (const key in found) {
        const finding = found[key];
        // Another keeper may have written it, and the peer may have left.
        if (
          finding !== undefined &&
          roster.find(key) !== undefined &&
          !isSame(finding.verdict, verdictOf(shared.of(key)))
        ) {
          tell(finding);
        }
      }
    },
    written: () => {
      for (const key in found) {
        const finding = found[key];
        if (finding !== undefined && isTold(finding.target.toldShare, finding.verdict.share)) {
          finding.target.toldShare = finding.verdict.share;
        }
      }
      found = {};
      isWaiting = false;
    },
  };
}
