import { expect, it } from "vitest";
import { createQueryGate } from "./query-gate.ts";

it("lets two queries follow at once, then one a second, and is as before after a quiet time", () => {
  const gate = createQueryGate();
  let now = 1000;
  const waits: number[] = [];
  for (let count = 0; count < 4; count++) {
    const wait = gate.waitSeconds(now);
    waits.push(wait);
    now += wait;
  }
  expect(waits).toEqual([0, 0, 1, 1]);
  now += 60;
  expect([gate.waitSeconds(now), gate.waitSeconds(now), gate.waitSeconds(now)]).toEqual([0, 0, 1]);
});

it("is not stopped by a clock that is set back", () => {
  const gate = createQueryGate();
  gate.waitSeconds(1000);
  expect([gate.waitSeconds(10), gate.waitSeconds(12)]).toEqual([0, 0]);
});
