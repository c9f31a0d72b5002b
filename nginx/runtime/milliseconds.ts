/** What a cosocket takes for a time: whole, from 1 to 2^31 - 1. */
export function milliseconds(seconds: number): number {
  return math.max(1, math.min(2147483647, math.floor(seconds * 1000 + 0.5)));
}
