import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closedValue, openEnded, parseState, stateText, type Kind } from "./breaker-state.ts";

describe("breaker state", () => {
  it("reads what it wrote", () => {
    const kind = fc.constantFrom<Kind>("open", "forced_open", "forced_closed");
    const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(
        kind,
        fc.nat(),
        fc.nat(),
        time,
        time,
        fc.string(),
        (kind, generation, attempt, since, until, text) => {
          const reason = text.replaceAll("|", "/");
          const state = parseState(stateText(kind, generation, attempt, since / 1000, until / 1000, reason));
          expect(state).toMatchObject({
            kind,
            generation,
            attempt,
            sinceSeconds: since / 1000,
            untilSeconds: until / 1000,
          });
          expect(state?.reason).toHaveLength(reason.length);
        },
      ),
    );
  });

  it("is a number while closed, so that incr moves it to the next epoch", () => {
    expect(parseState(closedValue(7) + 3)).toMatchObject({ kind: "closed", generation: 7, epoch: 3 });
    expect(Number.isSafeInteger(closedValue(2 ** 27 - 1) + 2 ** 26 - 1)).toBe(true);
  });

  it.each([undefined, true, -1, "", "closed|1|0|0|0|", "open", "open|1|1|1", "open|x|1|1|1|r", "ajar|1|1|1|1|r"])(
    "does not take %j for a state",
    (raw) => {
      expect(parseState(raw)).toBeUndefined();
    },
  );

  it("ends an opening when its time is up, and when the clock was set back", () => {
    expect(openEnded(129.9, 100, 130)).toBe(false);
    expect(openEnded(130, 100, 130)).toBe(true);
    expect(openEnded(96, 100, 130)).toBe(false);
    expect(openEnded(94, 100, 130)).toBe(true);
  });
});
