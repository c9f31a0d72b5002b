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
const linesOf = (path: string): number => read(path).trimEnd().split("\n").length;

const product = projectFiles("cli", "plugins", "nginx/runtime", "templates").filter(
  (path) => path.endsWith(".ts") && !isTest(path),
);

test("no file of the product is too long", () => {
  const tooLong = product.filter((path) => linesOf(path) > limitOf(path));
  expect(tooLong.map((path) => `${path}: ${linesOf(path)} lines, at most ${limitOf(path)}`)).toEqual([]);
});

test("the list of longer files holds no file that is short again", () => {
  expect(Object.keys(LONGER).filter((path) => !product.includes(path) || linesOf(path) <= ordinaryLimit(path))).toEqual(
    [],
  );
});

test("a handler has less room than other files", () => {
  expect([ordinaryLimit("plugins/one/plugin.ts"), ordinaryLimit("plugins/_core/window.ts")]).toEqual([120, 150]);
});
