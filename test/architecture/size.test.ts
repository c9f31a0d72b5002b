import { basename } from "node:path";
import { expect, test } from "vitest";
import { isTest, projectFiles, read } from "./repository.ts";

/**
 * A longer file is a sign that two ideas share one room. One that is longer for a reason is listed here with it, and
 * may not grow past its own limit.
 */
const LONGER: Readonly<Record<string, { readonly lines: number; readonly reason: string }>> = {};

const limitOf = (path: string): number => LONGER[path]?.lines ?? ordinaryLimit(path);
const ordinaryLimit = (path: string): number => (basename(path) === "plugin.ts" ? 120 : 150);

/** Comments and blank lines are free: nobody should save them to stay under a limit. */
function codeLines(text: string): number {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !/^(\/\/|\/?\*)/.test(line)).length;
}

const linesOf = (path: string): number => codeLines(read(path));

const product = projectFiles("cli", "plugins", "nginx/runtime", "templates").filter(
  (path) => path.endsWith(".ts") && !isTest(path),
);

test("no file of the product is too long", () => {
  const tooLong = product.filter((path) => linesOf(path) > limitOf(path));
  expect(tooLong.map((path) => `${path}: ${linesOf(path)} lines of code, at most ${limitOf(path)}`)).toEqual([]);
});

test("the list of longer files holds no file that is short again", () => {
  expect(Object.keys(LONGER).filter((path) => !product.includes(path) || linesOf(path) <= ordinaryLimit(path))).toEqual(
    [],
  );
});

test("comments and blank lines are not counted", () => {
  expect(codeLines("/**\n * What it is.\n */\nconst a = 1;\n\n// why\nconst b = a * 2; // two\n")).toBe(2);
});

test("a handler has less room than other files", () => {
  expect([ordinaryLimit("plugins/one/plugin.ts"), ordinaryLimit("plugins/_core/window.ts")]).toEqual([120, 150]);
});
