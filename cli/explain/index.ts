import { explainLine } from "./explain-line.ts";
import type { LuaMaps } from "./lua-maps.ts";

export { explainLine } from "./explain-line.ts";
export { LuaMaps, readLuaMaps, type SourcePosition } from "./lua-maps.ts";

/** Rewrites lines as they come, so that a growing log can be followed. */
export async function* explain(lines: Iterable<string> | AsyncIterable<string>, maps: LuaMaps): AsyncGenerator<string> {
  for await (const line of lines) yield explainLine(line, maps);
}
