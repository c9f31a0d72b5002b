import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { borderCases } from "./borders.cases.ts";
import { borders, crossings } from "./cruise.ts";
import { root } from "./repository.ts";

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

async function rulesBrokenBy(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const tree = mkdtempSync(join(tmpdir(), "borders-"));
  trees.push(tree);
  for (const [path, text] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return (await crossings(tree)).map(({ rule }) => rule.name);
}

test("no import of the repository crosses a border", { timeout: 60_000 }, async () => {
  const found = await crossings(root);
  expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
});

test("every border has a tree that crosses it", () => {
  const stated = borders.ruleSet?.forbidden?.map(({ name }) => name) ?? [];
  expect([...new Set(borderCases.map(({ rule }) => rule))].sort()).toEqual([...stated].sort());
});

describe.each(borderCases)("$rule", ({ rule, title, crosses, stays }) => {
  test(`refuses: ${title}`, async () => {
    expect(await rulesBrokenBy(crosses)).toContain(rule);
  });

  test(`accepts the way around: ${title}`, async () => {
    expect(await rulesBrokenBy(stays)).not.toContain(rule);
  });
});
