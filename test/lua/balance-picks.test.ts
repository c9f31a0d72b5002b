import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashText } from "../../plugins/_core/balance/hash-text.ts";
import { createMaglevBuild } from "../../plugins/_core/balance/maglev.ts";
import { createRotation } from "../../plugins/_core/balance/rotation.ts";
import { pickLeastRequest, pickPeakEwma } from "../../plugins/_core/balance/two-choices.ts";
import { candidateOf, type TestCandidate } from "../harness/candidates.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";

const ids = fc.array(fc.nat(9), { maxLength: 8 });
const weight = fc.oneof(fc.constantFrom(1, 2, 0.1), fc.double({ min: 0.01, max: 100, noNaN: true }));
const randoms = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});

type Step =
  | { readonly do: "reset" | "pick"; readonly ids: readonly number[] }
  | { readonly do: "weight"; readonly id: number; readonly weight: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant("pick" as const), ids }) },
  { weight: 20, arbitrary: fc.constant({ do: "pick" as const, ids: [] }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reset" as const), ids: fc.uniqueArray(fc.nat(9)) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("weight" as const), id: fc.nat(9), weight }) },
);

/** A fresh copy each time: picks write into them. */
const candidate = fc.record({
  weight,
  inFlight: fc.nat(5),
  latencySeconds: fc.oneof(fc.constant(-1), fc.double({ min: 0, max: 5, noNaN: true })),
  observedAtSeconds: fc.nat(120),
});
const pool = fc
  .array(candidate, { minLength: 1, maxLength: 10 })
  .map((all) => () => all.map((fields, id) => candidateOf(id, fields)));

function cycling(numbers: readonly number[]): () => number {
  let at = -1;
  return () => numbers[(at = (at + 1) % numbers.length)]!;
}

function exclude(candidates: readonly TestCandidate[], excluded: readonly number[], serial: number): void {
  for (const id of excluded) if (candidates[id] !== undefined) candidates[id].excludedIn = serial;
}

function runRotation(
  candidates: readonly TestCandidate[],
  numbers: readonly number[],
  steps: readonly Step[],
): number[] {
  const rotation = createRotation<TestCandidate>(cycling(numbers));
  const picks: number[] = [];
  steps.forEach((one, at) => {
    if (one.do === "reset") {
      rotation.reset(one.ids.flatMap((id) => candidates[id] ?? []));
    } else if (one.do === "weight") {
      if (candidates[one.id] !== undefined) candidates[one.id]!.weight = one.weight;
    } else {
      exclude(candidates, one.ids, at + 1);
      picks.push(rotation.pick(at + 1)?.id ?? -1);
    }
  });
  return picks;
}

function runTwoChoices(
  candidates: readonly TestCandidate[],
  numbers: readonly number[],
  excluded: readonly (readonly number[])[],
): number[] {
  const random = cycling(numbers);
  const picks: number[] = [];
  excluded.forEach((out, at) => {
    const serial = at + 1;
    exclude(candidates, out, serial);
    const least = pickLeastRequest(candidates, serial, random);
    if (least !== undefined) least.inFlight += 1;
    const quick = pickPeakEwma(candidates, serial, 100 + serial, 10, 0.1, random);
    picks.push(least?.id ?? -1, quick?.id ?? -1);
  });
  return picks;
}

function runMaglev(keys: readonly string[], weights: readonly number[]): readonly [size: number, sum: number] {
  const build = createMaglevBuild(keys, weights);
  while (!build.step(1_000_000));
  const sum = build.table.reduce((sum, peer, slot) => (sum * 31 + peer * 7 + slot + 1) % 4294967291, 0);
  return [build.table.length, sum];
}

/** A Lua string of these bytes. */
function byteLiteral(bytes: Uint8Array): string {
  return `"${[...bytes].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
}

describe.skipIf(!hasLuaJit)(`picks as TypeScript and as Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit();
    // Its comments would swallow what follows: the server takes one line.
    const driver = readFileSync(new URL("balance-driver.lua", import.meta.url), "utf8");
    await lua.run(driver.replaceAll(/^--.*$/gm, ""));
  });
  afterAll(() => lua.stop());

  const call = (name: string, ...args: readonly unknown[]) =>
    lua.run(`return ${name}(${args.map(luaLiteral).join(",")})`);
  /** Lua has one empty table for lists and records. */
  const listOf = (value: unknown) => (Array.isArray(value) ? (value as number[]) : []);

  it("a rotation takes the same turns in any scenario", async () => {
    let picked = 0;
    const steps = fc.array(step, { minLength: 20, maxLength: 150, size: "max" });
    await fc.assert(
      fc.asyncProperty(pool, randoms, steps, async (candidates, numbers, rest) => {
        const all = [{ do: "reset" as const, ids: candidates().map(({ id }) => id) }, ...rest];
        const here = runRotation(candidates(), numbers, all);
        expect(listOf((await call("run_rotation", candidates(), numbers, all))[0])).toEqual(here);
        picked += here.filter((id) => id >= 0).length;
      }),
      { numRuns: 400 },
    );
    expect(picked).toBeGreaterThan(10_000);
  });

  it("two choices come to the same", async () => {
    await fc.assert(
      fc.asyncProperty(pool, randoms, fc.array(ids, { maxLength: 60 }), async (candidates, numbers, excluded) => {
        const here = runTwoChoices(candidates(), numbers, excluded);
        expect(listOf((await call("run_two_choices", candidates(), numbers, excluded))[0])).toEqual(here);
      }),
      { numRuns: 400 },
    );
  });

  it("a Maglev table is the same, in parts of any size", async () => {
    const key = fc.tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 65535 })).map(([a, b, port]) => {
      return `10.0.${String(a)}.${String(b)}:${String(port)}`;
    });
    const peers = fc.uniqueArray(fc.tuple(key, weight), { minLength: 1, maxLength: 30, selector: ([name]) => name });
    await fc.assert(
      fc.asyncProperty(peers, fc.integer({ min: 500, max: 50_000 }), async (all, steps) => {
        const [keys, weights] = [all.map(([name]) => name), all.map(([, heavy]) => heavy)];
        expect(await call("run_maglev", keys, weights, steps)).toEqual(runMaglev(keys, weights));
      }),
      { numRuns: 20 },
    );
    const many = Array.from({ length: 1000 }, (_, n) => `10.1.${String(n >> 8)}.${String(n & 255)}:80`);
    const ones = many.map(() => 1);
    expect(await call("run_maglev", many, ones, 20_000)).toEqual(runMaglev(many, ones));
    expect(await call("run_maglev", [], [], 1)).toEqual([0, 0]);
  });

  it("a hash is the same of any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100, size: "max" }), async (bytes) => {
        const code = `return require("autoscale.core.balance.hash-text").hashText(${byteLiteral(bytes)})`;
        expect(await lua.run(code)).toEqual([hashText(Buffer.from(bytes).toString("latin1"))]);
      }),
      { numRuns: 1000 },
    );
  });
});
