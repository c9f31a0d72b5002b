import { basename } from "node:path";
import type { LuaMaps, SourcePosition } from "./lua-maps.ts";

/** A Lua file and line: in messages, in `[lua] x.lua:1:` prefixes, in traces, in `<x.lua:1>`. */
const LUA_POSITION = /([\w./@+~-]*[\w-]\.lua):(\d+)/g;

/**
 * Rewrites the Lua positions in one line of a log or a trace: `plugins/circuit-breaker/plugin.ts:27:5 (plugin.lua:12)`. When the
 * name fits several files, all of them are given; what no map knows stays as it is.
 */
export function explainLine(line: string, maps: LuaMaps): string {
  if (!line.includes(".lua:")) return line;
  return line.replace(LUA_POSITION, (whole, name: string, number: string) => {
    const positions = maps
      .find(name)
      .map((path) => maps.position(path, Number(number)))
      .filter((position) => position !== undefined);
    if (positions.length === 0) return whole;
    return `${positions.map(format).join(" or ")} (${basename(name)}:${number})`;
  });
}

function format({ source, line, column }: SourcePosition): string {
  return `${source}:${String(line)}:${String(column)}`;
}
