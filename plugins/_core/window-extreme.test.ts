import fc from "fast-check";
import { expect, test } from "vitest";
import { extremeOf, withValue, type Dated } from "./window-extreme.ts";

test("is the extreme of all values of the window, and holds no more entries than there are values", () => {
  const steps = fc.array(fc.record({ value: fc.integer({ min: 0, max: 9 }), pause: fc.integer({ min: 0, max: 4 }) }), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 20 }), fc.boolean(), (all, windowSeconds, largest) => {
      let queue: Dated[] = [];
      let now = 100;
      const seen: { value: number; at: number }[] = [];
      for (const { value, pause } of all) {
        now += pause;
        seen.push({ value, at: now });
        queue = withValue(queue, value, now, windowSeconds, largest);
        const inside = seen.filter((entry) => entry.at > now - windowSeconds).map((entry) => entry.value);
        const exact = largest ? Math.max(...inside, value) : Math.min(...inside, value);
        expect(extremeOf(queue)).toBe(exact);
        expect(queue.length).toBeLessThanOrEqual(10);
      }
    }),
  );
});

test("an empty queue has none; a clock that steps back loses what is in the future", () => {
  expect(extremeOf([])).toBeUndefined();
  expect(withValue([{ value: 9, atSeconds: 1000 }], 1, 10, 60, true)).toEqual([{ value: 1, atSeconds: 10 }]);
});
