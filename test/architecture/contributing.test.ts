import { expect, test } from "vitest";
import { luaRules } from "../../cli/lint/rule-sets.ts";
import { read } from "./repository.ts";

test("CONTRIBUTING.md gives the reason for every rule of the Lua subset, and for no other", () => {
  const rows = [...read("CONTRIBUTING.md").matchAll(/^\| `((?:lua|@typescript-eslint)\/[\w-]+)`/gm)];
  const rules = Object.keys(luaRules).filter((name) => luaRules[name] !== "off");
  expect(rows.map(([, name]) => name).sort()).toEqual(rules.sort());
});
