import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

/** Where a Lua line came from. */
export interface SourcePosition {
  /** As the map names it, e.g. `plugins/circuit-breaker/plugin.ts`. */
  readonly source: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

const SUFFIX = ".map";

/** The source maps of a bundle, found by whatever a log calls a Lua file. */
export class LuaMaps {
  readonly #maps: ReadonlyMap<string, TraceMap>;

  /** @param maps path below `lua/` to the map's JSON, e.g. `autoscale/core/gcra.lua` */
  constructor(maps: ReadonlyMap<string, string>) {
    this.#maps = new Map([...maps].map(([path, json]) => [path, new TraceMap(json)]));
  }

  /**
   * The Lua files a name in a log can mean.
   * @param name a path, one that LuaJIT cut on the left (`...scale/core/gcra.lua`), or only the last part
   */
  find(name: string): readonly string[] {
    return [...this.#maps.keys()].filter((path) => means(name, path));
  }

  /** The TypeScript position of a Lua line, or of the nearest line above that has one in the same file. */
  position(path: string, line: number): SourcePosition | undefined {
    const map = this.#maps.get(path);
    if (map === undefined) return undefined;
    for (let above = line; above > 0; above--) {
      const found = originalPositionFor(map, { line: above, column: 0, bias: LEAST_UPPER_BOUND });
      if (found.source !== null) return { source: found.source, line: found.line, column: found.column + 1 };
    }
    return undefined;
  }
}

function means(name: string, path: string): boolean {
  if (name.startsWith("...")) return `/${path}`.endsWith(name.slice(3)) || name.endsWith(`/${path}`);
  if (name.includes("/")) return `/${name}`.endsWith(`/${path}`) || `/${path}`.endsWith(`/${name}`);
  return basename(path) === name;
}

/**
 * Reads every map below a folder.
 * @param folder a bundle's `maps`
 * @throws the file system's error when the folder cannot be read
 */
export async function readLuaMaps(folder: string): Promise<LuaMaps> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(`.lua${SUFFIX}`)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const entries = files.map((name, index): [string, string] => {
    return [name.slice(0, -SUFFIX.length).replaceAll("\\", "/"), texts[index] ?? ""];
  });
  return new LuaMaps(new Map(entries));
}
