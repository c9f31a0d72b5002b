import { describe, expect, it } from "vitest";
import { parseStatusRange, statusSet } from "./status-set.ts";

describe("status ranges", () => {
  it("reads one status and a range", () => {
    expect(parseStatusRange("503")).toEqual({ first: 503, last: 503 });
    expect(parseStatusRange("500-599")).toEqual({ first: 500, last: 599 });
  });

  it.each([
    "",
    "5",
    "5000",
    "599-500",
    "500-",
    "-500",
    "500-59",
    "500-5999",
    "5xx",
    "500 - 599",
    "5000-999",
    "a00-b00",
  ])("refuses %j", (text) => {
    expect(parseStatusRange(text)).toBeUndefined();
  });

  it("makes a table", () => {
    const set = statusSet(["500-502", "429", "nonsense"]);
    expect(set.length).toBe(1000);
    expect(set.flatMap((held, status) => (held ? [status] : []))).toEqual([429, 500, 501, 502]);
  });
});
