import { expect, test } from "vitest";
import { ignoredSources } from "./repository.ts";

test("no pattern of .gitignore swallows a source file", () => {
  expect(ignoredSources()).toEqual([]);
});
