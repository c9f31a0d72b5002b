const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/**
 * The last values as blocks, the highest one as a full block; all of them zero give the lowest block.
 * @param values oldest first, from 0
 * @param width columns at most
 */
export function sparkline(values: readonly number[], width: number): string {
  const last = values.slice(-width);
  const highest = Math.max(0, ...last);
  return last
    .map((value) => BLOCKS[highest === 0 ? 0 : Math.round((Math.max(0, value) / highest) * (BLOCKS.length - 1))])
    .join("");
}
