import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidateOf, candidatesOf, seededRandom, type TestCandidate } from "../../../test/harness/candidates.ts";
import { pickBounded } from "./bounded-hash.ts";
import { hashText } from "./hash-text.ts";
import { createMaglevBuild } from "./maglev.ts";

const FACTOR = 1.25;

function tableOf(candidates: readonly TestCandidate[]): readonly number[] {
  const build = createMaglevBuild(
    candidates.map(({ id }) => `peer-${id}`),
    candidates.map(({ weight }) => weight),
  );
  while (!build.step(100_000));
  return build.table;
}

function totals(candidates: readonly TestCandidate[]): readonly [inFlight: number, weight: number] {
  const usable = candidates.filter(({ available }) => available);
  return [usable.reduce((sum, one) => sum + one.inFlight, 0), usable.reduce((sum, one) => sum + one.weight, 0)];
}

function pick(candidates: readonly TestCandidate[], table: readonly number[], hash: number): TestCandidate | undefined {
  return pickBounded(candidates, table, hash, 1, FACTOR, ...totals(candidates));
}

const hashes = Array.from({ length: 3000 }, (_, n) => hashText(`user-${n}`));

describe("with room everywhere", () => {
  const candidates = candidatesOf([1, 2, 1, 3, 1]);
  const table = tableOf(candidates);

  it("goes where the table says, each time", () => {
    for (const hash of hashes) expect(pick(candidates, table, hash)?.id).toBe(table[hash % table.length]);
  });

  it("gives each its share of the keys", () => {
    const count = (id: number) => hashes.filter((hash) => pick(candidates, table, hash)?.id === id).length;
    for (const { id, weight } of candidates) expect(Math.abs(count(id) - (3000 * weight) / 8)).toBeLessThan(120);
  });
});

describe("one that is away", () => {
  it("gives its keys to all others alike, who keep their own, and gets them back", () => {
    const candidates = candidatesOf(Array.from({ length: 10 }, () => 1));
    const table = tableOf(candidates);
    const before = hashes.map((hash) => pick(candidates, table, hash)?.id);
    candidates[4]!.available = false;
    const during = hashes.map((hash) => pick(candidates, table, hash)?.id);
    during.forEach((id, n) => {
      if (before[n] !== 4) expect(id).toBe(before[n]);
    });
    for (const { id } of candidates) {
      const gained = during.filter((each, n) => each === id && before[n] === 4).length;
      // A ninth of some 300 keys.
      if (id === 4) expect(gained).toBe(0);
      else expect(Math.abs(gained - 33)).toBeLessThan(20);
    }
    candidates[4]!.available = true;
    expect(hashes.map((hash) => pick(candidates, table, hash)?.id)).toEqual(before);
  });
});

describe("bounds", () => {
  it("no one has more than 1.25 of its share, however uneven the keys, but for one request in a thousand", () => {
    const candidates = candidatesOf([1, 1, 1, 1, 2, 2, 4, 1, 1, 1]);
    const table = tableOf(candidates);
    const random = seededRandom(1);
    const under: TestCandidate[] = [];
    let over = 0;
    for (let i = 0; i < 50_000; i++) {
      // Four in five requests have one of three keys.
      const key = random() < 0.8 ? Math.floor(random() * 3) : Math.floor(random() * 3000);
      const [inFlight, weight] = totals(candidates);
      const picked = pick(candidates, table, hashes[key]!)!;
      picked.inFlight += 1;
      under.push(picked);
      over += picked.inFlight > Math.ceil((FACTOR * (inFlight + 1) * picked.weight) / weight) ? 1 : 0;
      if (under.length > 200) under.splice(Math.floor(random() * under.length), 1)[0]!.inFlight -= 1;
    }
    expect(over).toBeLessThan(50);
  });

  it("a key that must go elsewhere goes to the same one again", () => {
    const candidates = candidatesOf(Array.from({ length: 10 }, () => 1));
    const table = tableOf(candidates);
    const [hash] = hashes as [number];
    const home = pick(candidates, table, hash)!;
    home.inFlight = 50;
    const spilled = pick(candidates, table, hash)!;
    expect(spilled).not.toBe(home);
    expect(pick(candidates, table, hash)).toBe(spilled);
    home.inFlight = 0;
    expect(pick(candidates, table, hash)).toBe(home);
  });

  it("one request is no load: with nothing under way the home has room", () => {
    const candidates = [candidateOf(0, { weight: 0.01 }), candidateOf(1, { weight: 100 })];
    const table = tableOf(candidates);
    const hash = table.indexOf(0);
    expect(pick(candidates, table, hash)?.id).toBe(0);
  });

  it("where nobody has room the least loaded of those that were seen takes it", () => {
    const candidates = candidatesOf([1, 1, 2]);
    for (const candidate of candidates) candidate.inFlight = 100;
    const table = tableOf(candidates);
    // As if most of the requests counted were with others.
    expect(pickBounded(candidates, table, hashes[0]!, 1, FACTOR, 1, 4)?.id).toBe(2);
  });
});

describe("who may be picked", () => {
  const state = fc.record({ available: fc.boolean(), excludedIn: fc.constantFrom(0, 1), inFlight: fc.nat(20) });
  const hash = fc.integer({ min: 0, max: 0xffffffff });

  it("is always found, with a table or without one, and is never excluded or away", () => {
    const tables = new Map<number, readonly number[]>();
    const tableFor = (candidates: readonly TestCandidate[]) => {
      const known = tables.get(candidates.length) ?? tableOf(candidates);
      tables.set(candidates.length, known);
      return known;
    };
    fc.assert(
      fc.property(fc.array(state, { maxLength: 12 }), hash, fc.boolean(), (states, value, hasTable) => {
        const candidates = states.map((fields, id) => candidateOf(id, fields));
        const usable = candidates.filter(({ available, excludedIn }) => available && excludedIn !== 1);
        const picked = pick(candidates, hasTable ? tableFor(candidates) : [], value);
        if (usable.length === 0) expect(picked).toBeUndefined();
        else expect(usable).toContain(picked);
      }),
      { numRuns: 1000 },
    );
  });

  it("is found where 1 of 5,000 is left, and in a table that knows more peers than there are", () => {
    const many = candidatesOf(Array.from({ length: 5000 }, () => 1));
    for (const candidate of many) candidate.available = candidate.id === 4321;
    const table = tableOf(many);
    expect(pick(many, table, hashes[0]!)?.id).toBe(4321);
    expect(pick(many.slice(0, 1), table, hashes[0]!)).toBeUndefined();
    many[0]!.available = true;
    expect(pick(many.slice(0, 1), table, hashes[0]!)?.id).toBe(0);
  });

  it("depends on the hash alone where there is no table yet", () => {
    const candidates = candidatesOf([1, 1, 1]);
    const found = new Set(hashes.slice(0, 100).map((each) => pick(candidates, [], each)?.id));
    expect(found.size).toBe(3);
    expect(pick(candidates, [], 7)).toBe(pick(candidates, [], 7));
  });
});
