/** Between two looks at a gateway that answers. */
export const INTERVAL_SECONDS = 2;
/** A look that takes longer has failed. */
export const TIMEOUT_SECONDS = 5;
const LONGEST_SECONDS = 30;

/** How long to wait before the next look: twice as long after each that failed, up to half a minute. */
export function delaySeconds(failures: number): number {
  return failures === 0 ? INTERVAL_SECONDS : Math.min(LONGEST_SECONDS, INTERVAL_SECONDS * 2 ** (failures - 1));
}
