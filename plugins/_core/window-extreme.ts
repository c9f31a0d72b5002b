/**
 * The largest (or smallest) of the values of the last seconds, in a queue that keeps only values that can still become
 * it (a monotonic queue): what is not the largest of all that came after it is gone. So the queue holds each value at most
 * once, in falling (rising) order.
 */
interface Dated {
  readonly value: number;
  readonly atSeconds: number;
}

/**
 * Adds a value, and drops what is older than the window or can no longer matter.
 * @param largest true: the largest is looked for; false: the smallest
 * @returns the new queue; its first entry is the extreme
 */
function withValue(
  queue: readonly Dated[],
  value: number,
  nowSeconds: number,
  windowSeconds: number,
  largest: boolean,
): Dated[] {
  const kept: Dated[] = [];
  for (const entry of queue) {
    const beats = largest ? entry.value > value : entry.value < value;
    if (beats && entry.atSeconds > nowSeconds - windowSeconds && entry.atSeconds <= nowSeconds) {
      kept.push(entry);
    }
  }
  kept.push({ value, atSeconds: nowSeconds });
  return kept;
}

/** The extreme of a queue that `withValue` gave; undefined when it is empty. */
function extremeOf(queue: readonly Dated[]): number | undefined {
  const first = queue[0];
  return first === undefined ? undefined : first.value;
}

export { extremeOf, withValue };
export type { Dated };
