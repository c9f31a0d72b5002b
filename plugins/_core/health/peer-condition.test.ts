import { describe, expect, it } from "vitest";
import {
  conditionOf,
  GOOD_VERDICT,
  isEjected,
  isUsable,
  NO_EJECTION,
  stateWord,
  type Ejection,
  type Verdict,
} from "./peer-condition.ts";

const NOW = 1_700_000_000;
const LONGEST = 330;
const SICK: Verdict = { ...GOOD_VERDICT, unhealthy: true, note: "3 probes failed" };
const DRAINING: Verdict = { ...GOOD_VERDICT, draining: true };
const EJECTED: Ejection = { untilSeconds: NOW + 30, count: 1, returnedSeconds: 0, note: "5 errors in a row" };
const RETURNED: Ejection = { untilSeconds: 0, count: 1, returnedSeconds: NOW, note: "" };

describe("an ejection", () => {
  it("ends by itself", () => {
    expect([0, 29.9, 30].map((after) => isEjected(EJECTED, NOW + after, LONGEST))).toEqual([true, true, false]);
  });

  it("ends when the clock was set back so far that it would last longer than any may", () => {
    expect(isEjected(EJECTED, NOW - 60, LONGEST)).toBe(true);
    expect(isEjected(EJECTED, NOW - 3600, LONGEST)).toBe(false);
  });
});

describe("a peer", () => {
  it.each([
    ["is well", GOOD_VERDICT, NO_EJECTION, true, "healthy"],
    ["is found sick by probes", SICK, NO_EJECTION, false, "unhealthy"],
    ["is ejected", GOOD_VERDICT, EJECTED, false, "ejected"],
    ["is both: the probes' word is graver", SICK, EJECTED, false, "unhealthy"],
    ["is drained by its agent", DRAINING, NO_EJECTION, false, "draining"],
    ["was ejected before", GOOD_VERDICT, RETURNED, true, "healthy"],
    ["has a smaller share", { ...GOOD_VERDICT, share: 0.5 }, NO_EJECTION, true, "healthy"],
  ])("%s", (_what, verdict, ejection, usable, word) => {
    const condition = conditionOf(verdict, ejection);
    expect(isUsable(condition, NOW, LONGEST)).toBe(usable);
    expect(stateWord(condition, NOW, LONGEST)).toBe(word);
  });

  it.each([
    [SICK, NO_EJECTION, "3 probes failed"],
    [GOOD_VERDICT, EJECTED, "5 errors in a row"],
    [SICK, EJECTED, "3 probes failed; 5 errors in a row"],
    [DRAINING, NO_EJECTION, "its agent asks for no new requests"],
    [{ ...GOOD_VERDICT, share: 0.5 }, NO_EJECTION, "its agent asks for fewer requests"],
    [GOOD_VERDICT, RETURNED, "was ejected of late"],
  ])("says why in a few words", (verdict, ejection, why) => {
    expect(conditionOf(verdict, ejection)?.why).toBe(why);
  });
});
