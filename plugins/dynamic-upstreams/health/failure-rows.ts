/**
 * Failures in a row, counted over all workers: Envoy's consecutive 5xx and consecutive gateway failure. The row is in shared
 * memory, so the worker whose failure completes it knows, and ejects at once. What a success costs: three reads and a write of
 * fields, and two removals of keys when somebody counts a row.
 */
import { ejectionOf, isEjected } from "../../_core/health/peer-condition.ts";
import { integerText } from "../../_core/text.ts";
import type { Store } from "../../_kit/ports.ts";
import type { PassiveConfig } from "../config.ts";
import type { Peer } from "../peer.ts";
import type { ConditionChanges } from "./condition-changes.ts";
import type { Ejector, Grounds } from "./ejector.ts";
import type { HealthKeys } from "./health-keys.ts";
import type { PeerRoster } from "./peer-roster.ts";
import type { SharedConditions } from "./shared-conditions.ts";
import type { Suspects } from "./suspects.ts";

/** @noSelf */
export interface FailureRows {
  tried(peer: Peer, status: number, nowSeconds: number): void;
  /** Tries again what could not be written when it was due. */
  retry(nowSeconds: number): void;
}

interface RowParts {
  readonly keys: HealthKeys;
  readonly store: Store;
  readonly shared: SharedConditions;
  readonly roster: PeerRoster;
  readonly changes: ConditionChanges;
  readonly suspects: Suspects;
  readonly ejector: Ejector;
  readonly longestSeconds: number;
}

/** Failures further apart than this are no row; it is also how long a row of a peer that has left is kept. */
const ROW_SECONDS = 600;
/** A refusal stands for this long: while many peers fail, not each of their failures looks through all peers. */
const REFUSED_SECONDS = 0.25;

function isGatewayError(status: number): boolean {
  return status < 500 || (status >= 502 && status <= 504);
}

export function failureRows(config: PassiveConfig, parts: RowParts): FailureRows {
  const { keys, store, shared, roster, changes, suspects, ejector, longestSeconds } = parts;
  const { consecutive_errors: mostErrors, consecutive_gateway_errors: mostGatewayErrors } = config;
  let waiting: Record<string, true | undefined> = {};
  let isWaiting = false;
  let refusedSeconds = 0;

  /** One more in the row; the count over all workers. */
  function add(key: string, known: number): number {
    const count = store.incr(key, 1, 0, ROW_SECONDS);
    if (count === undefined) {
      store.remove(key);
      return known + 1;
    }
    return count;
  }

  function endRow(peer: Peer): void {
    peer.suspect = false;
    peer.errorsInRow = 0;
    peer.gatewayErrorsInRow = 0;
    store.remove(keys.errors(peer.key));
    store.remove(keys.gatewayErrors(peer.key));
  }

  /** Another worker's success may have ended the row meanwhile. */
  function reread(peer: Peer): void {
    const errors = store.get(keys.errors(peer.key));
    const gatewayErrors = store.get(keys.gatewayErrors(peer.key));
    peer.errorsInRow = typeof errors === "number" ? errors : 0;
    peer.gatewayErrorsInRow = typeof gatewayErrors === "number" ? gatewayErrors : 0;
  }

  /** Whether the row is complete. */
  function grounds({ errorsInRow, gatewayErrorsInRow }: Peer): Grounds | undefined {
    if (mostGatewayErrors > 0 && gatewayErrorsInRow >= mostGatewayErrors) {
      const note = `${integerText(gatewayErrorsInRow)} gateway errors in a row`;
      return { kind: "consecutive_gateway_errors", note, inputs: { gateway_errors_in_row: gatewayErrorsInRow } };
    }
    if (mostErrors > 0 && errorsInRow >= mostErrors) {
      const note = `${integerText(errorsInRow)} errors in a row`;
      return { kind: "consecutive_errors", note, inputs: { errors_in_row: errorsInRow } };
    }
    return undefined;
  }

  /** @returns false when it is to be tried again */
  function settle(peer: Peer, found: Grounds, now: number): boolean {
    if (now >= refusedSeconds && now < refusedSeconds + REFUSED_SECONDS) {
      endRow(peer);
      return true;
    }
    if (!changes.begin()) {
      return false;
    }
    if (!isEjected(ejectionOf(shared.of(peer.key)), now, longestSeconds)) {
      ejector.recount(now);
      if (!ejector.eject(peer.key, found, now)) {
        refusedSeconds = now;
      }
    }
    if (!changes.end()) {
      return false;
    }
    endRow(peer);
    return true;
  }

  function judge(peer: Peer, now: number): void {
    const found = grounds(peer);
    // Before this worker was told of the peer it cannot know how many may be ejected: a later failure can.
    if (found !== undefined && roster.find(peer.key) !== undefined && !settle(peer, found, now)) {
      waiting[peer.key] = true;
      isWaiting = true;
    }
  }

  function fail(peer: Peer, isGateway: boolean, now: number): void {
    peer.suspect = true;
    if (mostErrors > 0) {
      peer.errorsInRow = add(keys.errors(peer.key), peer.errorsInRow);
    }
    if (mostGatewayErrors > 0) {
      if (isGateway) {
        peer.gatewayErrorsInRow = add(keys.gatewayErrors(peer.key), peer.gatewayErrorsInRow);
      } else {
        peer.gatewayErrorsInRow = 0;
        store.remove(keys.gatewayErrors(peer.key));
      }
    }
    if (peer.errorsInRow === 1 || peer.gatewayErrorsInRow === 1) {
      suspects.tell(peer.key);
    }
    judge(peer, now);
  }

  return {
    tried: (peer, status, now) => {
      if (status > 0 && status < 500) {
        peer.ok += 1;
        if (peer.suspect) {
          endRow(peer);
        }
        return;
      }
      peer.failed += 1;
      // One that is ejected and still asked (all are, in a panic) is not ejected twice.
      if (!isEjected(ejectionOf(shared.of(peer.key)), now, longestSeconds)) {
        fail(peer, isGatewayError(status), now);
      }
    },
    retry: (now) => {
      if (!isWaiting) {
        return;
      }
      const again = waiting;
      waiting = {};
      isWaiting = false;
      for (const key in again) {
        const peer = roster.find(key);
        if (peer !== undefined) {
          reread(peer);
          judge(peer, now);
        }
      }
    },
  };
}
