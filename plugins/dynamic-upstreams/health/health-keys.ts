/** Where the health of an upstream's peers lies in shared memory. */
import { integerText } from "../../_core/text.ts";

/** @noSelf */
export interface HealthKeys {
  /** A cell: the conditions of all peers that are not well, as JSON (`_core/health/health-text.ts`). */
  readonly text: string;
  /** A counter: moves with each write of the text. */
  readonly version: string;
  /** A claim: who has it may write the text. */
  readonly claim: string;
  /** A claim for good: some worker has begun to probe since shared memory is there. */
  readonly probed: string;
  /** A counter: so many rows of failures have begun; and a cell for each of the last ones, with its peer's key. */
  readonly suspects: string;
  suspect(number: number): string;
  /** Counters by peer: failures in a row in all workers, of any kind and of the way there. */
  errors(peer: string): string;
  gatewayErrors(peer: string): string;
  /** A counter by peer: what it answered in an interval, packed. */
  answered(interval: number, peer: string): string;
  /** A claim: who sweeps after that interval. */
  swept(interval: number): string;
  /** Counters for metrics. */
  total(name: string): string;
}

export function healthKeys(upstream: string): HealthKeys {
  return {
    text: `health:${upstream}`,
    version: `health-version:${upstream}`,
    claim: `health-claim:${upstream}`,
    probed: `health-probed:${upstream}`,
    suspects: `health-suspects:${upstream}`,
    suspect: (number) => `health-suspect:${upstream}/${integerText(number)}`,
    errors: (peer) => `health-errors:${upstream}/${peer}`,
    gatewayErrors: (peer) => `health-gateway-errors:${upstream}/${peer}`,
    answered: (interval, peer) => `health-answered:${upstream}/${integerText(interval)}/${peer}`,
    swept: (interval) => `health-swept:${upstream}/${integerText(interval)}`,
    total: (name) => `health-total:${upstream}/${name}`,
  };
}
