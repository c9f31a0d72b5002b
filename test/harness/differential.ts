import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { hasLuaJit, startLuaJit, type LuaJit } from "./luajit.ts";
import { comparable } from "./comparable.ts";

export interface Differential<Args extends readonly unknown[]> {
  /** Lua module, e.g. `autoscale.core.gcra`. */
  readonly module: string;
  /** Name of the exported function; the TypeScript function's own name when absent. */
  readonly function?: string;
  readonly ts: (...args: Args) => unknown;
  /** Named cases, always run. */
  readonly cases?: Readonly<Record<string, Args>>;
  /** Random cases. */
  readonly arbitrary?: fc.Arbitrary<Args>;
  /** How many random cases; 1000 when absent. */
  readonly runs?: number;
  /** Also compare what the function made of its arguments. */
  readonly mutates?: boolean;
  /** Significant digits that must agree; all when absent. For `exp`, `log` and `pow`, whose last digit may differ. */
  readonly digits?: number;
  /** Folders to compile; `plugins/_core` when absent. */
  readonly folders?: readonly string[];
}

/** Runs the same cases through the TypeScript function and through its compiled Lua under LuaJIT, and compares. */
export function differential<Args extends readonly unknown[]>(name: string, options: Differential<Args>): void {
  const { cases = {}, arbitrary, runs = 1000 } = options;
  const reason = hasLuaJit ? "" : " (skipped: no luajit on PATH)";
  describe.skipIf(!hasLuaJit)(`${name}: TypeScript and LuaJIT agree${reason}`, () => {
    const lua = lazily(() => startLuaJit(options.folders));
    afterAll(async () => (await lua()).stop());

    for (const [title, args] of Object.entries(cases)) {
      test(title, async () => compare(await lua(), options, args));
    }
    if (arbitrary !== undefined) {
      test(`${String(runs)} random cases`, { timeout: 60_000 }, async () => {
        const process = await lua();
        await fc.assert(
          fc.asyncProperty(arbitrary, (args) => compare(process, options, args)),
          { numRuns: runs },
        );
      });
    }
  });
}

async function compare<Args extends readonly unknown[]>(
  lua: LuaJit,
  options: Differential<Args>,
  args: Args,
): Promise<void> {
  const { module, function: name = options.ts.name, ts, mutates = false, digits } = options;
  const inLua = await lua.callAndShow(module, name, ...args);
  const own = structuredClone(args);
  const result = ts(...own);
  expect(comparable(inLua.result, digits), "the result").toEqual(comparable(result, digits));
  if (mutates) expect(comparable(inLua.args, digits), "the arguments").toEqual(comparable([...own], digits));
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
