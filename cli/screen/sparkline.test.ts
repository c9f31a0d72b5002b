import { expect, test } from "vitest";
import { sparkline } from "./sparkline.ts";

test.each([
  [[0, 1, 2, 3, 4, 5, 6, 7], 20, "▁▂▃▄▅▆▇█"],
  [[0, 0, 0], 20, "▁▁▁"],
  [[5, 5], 20, "██"],
  [[1, 2, 3, 100], 2, "▁█"],
  [[], 20, ""],
  [[-1, 10], 20, "▁█"],
])("%j in %i columns is %s", (values, width, text) => {
  expect(sparkline(values, width)).toBe(text);
});
