import { expect, test } from "vitest";
import { aimdLimit } from "./aimd.ts";

test("adds one, or takes a tenth", () => {
  expect([aimdLimit(20, false), aimdLimit(20, true)]).toEqual([21, 18]);
});
