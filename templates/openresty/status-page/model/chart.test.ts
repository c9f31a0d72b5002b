import { describe, expect, test } from "vitest";
import { ceilingOf, chartPaths } from "./chart.ts";

const SIZE = { width: 90, height: 23 };

describe("a chart", () => {
  test("runs from the bottom to the top, the newest value at the right edge", () => {
    const { line, area } = chartPaths([0, 5, 10], 10, 3, SIZE);
    expect(line).toBe("M0 21.5L45 11.5L90 1.5");
    expect(area).toBe("M0 23L0 21.5L45 11.5L90 1.5V23Z");
  });

  test("a short history starts further right and is not stretched", () => {
    expect(chartPaths([10, 0], 10, 4, SIZE).line).toBe("M60 1.5L90 21.5");
  });

  test("only the newest values are shown", () => {
    expect(chartPaths([7, 7, 0, 0], 10, 2, SIZE).line).toBe("M0 21.5L90 21.5");
  });

  test("a value that is not known is a gap, one that stands alone a dot", () => {
    expect(chartPaths([0, null, 0], 10, 3, SIZE).line).toBe("M0 21.5h0M90 21.5h0");
  });

  test("larger values are cut at the top, negative ones at the bottom", () => {
    expect(chartPaths([20, -5], 10, 2, SIZE).line).toBe("M0 1.5L90 21.5");
  });

  test("nothing is drawn of nothing", () => {
    expect(chartPaths([], 10, 60, SIZE)).toEqual({ line: "", area: "" });
    expect(chartPaths([null, null], 10, 60, SIZE)).toEqual({ line: "", area: "" });
  });

  test("noise near zero does not become a mountain", () => {
    expect(ceilingOf([[0, null, 0.1]], 5)).toBe(5);
    expect(ceilingOf([[0, 80], [3]], 5)).toBe(80);
  });
});
