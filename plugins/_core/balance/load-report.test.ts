import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFresh, jsonOfLoadReport, loadReportOf, loadWeight, parseLoadReport } from "./load-report.ts";

const NOTHING = { utilization: 0, rps: 0, eps: 0 };

describe("parseLoadReport", () => {
  it.each([
    ["TEXT cpu_utilization=0.3, mem_utilization=0.8, rps_fractional=10.0, eps=1, named_metrics.x=0.4", 0.3, 10, 1],
    ["TEXT cpu_utilization=0.3,rps_fractional=10.0,eps=1", 0.3, 10, 1],
    ["TEXT cpu_utilization:0.3,rps_fractional:10.0,eps:1", 0.3, 10, 1],
    ["TEXT  cpu_utilization = 0.3 ,\trps_fractional =10 , eps= 1 ", 0.3, 10, 1],
    ["TEXT rps_fractional=10,application_utilization=0.9,cpu_utilization=0.3", 0.9, 10, 0],
    ["TEXT application_utilization=0,cpu_utilization=1.5,rps_fractional=2", 1.5, 2, 0],
    // Other fields whose names end or begin alike.
    ["TEXT named_metrics.cpu_utilization=0.9,named_metrics.eps=7,cpu_utilization=0.2,rps_fractional=1", 0.2, 1, 0],
    ["TEXT cpu_utilization_max=0.9,cpu_utilization=0.2,rps_fractional=1", 0.2, 1, 0],
    // What is no number is not there.
    ["TEXT cpu_utilization=high,rps_fractional=10", 0, 10, 0],
    ["TEXT cpu_utilization=-1,rps_fractional=10", 0, 10, 0],
    ["TEXT cpu_utilization,rps_fractional=10", 0, 10, 0],
    ["TEXT ", 0, 0, 0],
  ])("%s", (text, utilization, rps, eps) => {
    expect(parseLoadReport(text)).toEqual({ utilization, rps, eps });
  });

  it.each(["", "TEXT", "JSON {}", "BIN abc", "text cpu_utilization=1", "cpu_utilization=1"])(
    "leaves %j to others",
    (text) => {
      expect(parseLoadReport(text)).toBeUndefined();
    },
  );

  it("takes any text, and gives figures of 0 or more", () => {
    const piece = fc.constantFrom(
      "cpu_utilization",
      "eps",
      "rps_fractional",
      "=",
      ":",
      ",",
      " ",
      "1",
      "0.5",
      ".",
      "e",
      "x",
      "-",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const report = parseLoadReport(`TEXT ${pieces.join("")}`)!;
        for (const figure of Object.values(report)) expect(figure).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("JSON", () => {
  it("is cut out for a parser", () => {
    expect(jsonOfLoadReport('JSON {"eps": 1}')).toBe('{"eps": 1}');
    expect(jsonOfLoadReport("TEXT eps=1")).toBeUndefined();
  });

  it("is read with either spelling", () => {
    expect(loadReportOf({ cpu_utilization: 0.3, rps_fractional: 10, eps: 1 })).toEqual({
      utilization: 0.3,
      rps: 10,
      eps: 1,
    });
    expect(loadReportOf({ applicationUtilization: 0.9, cpuUtilization: 0.3, rpsFractional: 10 })).toEqual({
      utilization: 0.9,
      rps: 10,
      eps: 0,
    });
  });

  it("counts only numbers above 0", () => {
    expect(loadReportOf({})).toEqual(NOTHING);
    expect(loadReportOf({ cpu_utilization: "0.3", rps_fractional: -1, eps: NaN })).toEqual(NOTHING);
  });
});

describe("loadWeight", () => {
  it("is what the peer would bear", () => {
    expect(loadWeight({ utilization: 0.5, rps: 100, eps: 0 }, 1)).toBe(200);
    expect(loadWeight({ utilization: 0.5, rps: 100, eps: 50 }, 1)).toBe(100);
    expect(loadWeight({ utilization: 0.5, rps: 100, eps: 50 }, 0)).toBe(200);
  });

  it("is nothing where the report does not tell enough", () => {
    expect(loadWeight({ utilization: 0, rps: 100, eps: 0 }, 1)).toBeUndefined();
    expect(loadWeight({ utilization: 0.5, rps: 0, eps: 0 }, 1)).toBeUndefined();
    expect(loadWeight(NOTHING, 1)).toBeUndefined();
  });

  it("falls with load and with errors, and is always above 0", () => {
    const figure = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(figure, figure, figure, figure, (utilization, rps, eps, more) => {
        const weight = loadWeight({ utilization, rps, eps }, 1)!;
        expect(weight).toBeGreaterThan(0);
        expect(loadWeight({ utilization: utilization + more, rps, eps }, 1)).toBeLessThan(weight);
        expect(loadWeight({ utilization, rps, eps: eps + more }, 1)).toBeLessThan(weight);
      }),
    );
  });
});

describe("isFresh", () => {
  it.each([
    ["the first report", 100, 100, 100, false],
    ["nine seconds after it", 100, 109, 109, false],
    ["ten seconds after it", 100, 110, 110, true],
    ["with the last one long ago", 100, 200, 379, true],
    ["with the last one too long ago", 100, 200, 380, false],
    ["with a clock that was set back", 100, 200, 50, true],
  ])("%s", (_title, first, last, now, expected) => {
    expect(isFresh(first, last, now, 10, 180)).toBe(expected);
  });

  it("needs no blackout", () => {
    expect(isFresh(100, 100, 100, 0, 180)).toBe(true);
  });
});
