import { expect, test } from "vitest";
import { formatPath } from "./path.ts";

test.each([
  [[], ""],
  [["routes", 0, "plugins", "circuit-breaker", "failure_rate"], "routes[0].plugins.circuit-breaker.failure_rate"],
  [["labels", "a b"], 'labels["a b"]'],
  [["labels", 'say "hi"\n'], 'labels["say \\"hi\\"\\n"]'],
  [[0, 1], "[0][1]"],
  [["a.b"], '["a.b"]'],
  [[""], '[""]'],
])("%j", (path, text) => {
  expect(formatPath(path)).toBe(text);
});
