import { expect, test } from "vitest";
import { stepOf, vegasLimit } from "./vegas.ts";

test.each([
  [1, 1],
  [10, 1],
  [99.9, 1],
  [100, 2],
  [1000, 3],
  [100_000, 5],
])("the step at a limit of %f is %i", (limit, step) => {
  expect(stepOf(limit)).toBe(step);
});

test.each([
  ["no queue", 20, 0.1, 0.1, false, 26],
  ["one waits", 20, 0.096, 0.1, false, 26],
  ["two wait", 20, 0.091, 0.1, false, 21],
  ["between alpha and beta", 20, 0.08, 0.1, false, 20],
  ["more than beta", 20, 0.05, 0.1, false, 19],
  ["dropped", 20, 0.1, 0.1, true, 19],
  ["faster than ever", 20, 0.1, 0.05, false, 26],
  ["large: steps of two", 400, 0.1, 0.2, false, 398],
])("%s", (_name, limit, baseline, seconds, dropped, next) => {
  expect(vegasLimit(limit, baseline, seconds, dropped)).toBe(next);
});
