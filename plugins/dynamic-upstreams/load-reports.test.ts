import { describe, expect, it } from "vitest";
import { fakeContext } from "../../test/harness/fake-context.ts";
import type { BalanceConfig } from "./config.ts";
import { createLoadReports, type LoadReports } from "./load-reports.ts";
import type { Peer } from "./peer.ts";

const json = {
  decode: (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  },
  encode: JSON.stringify,
};
const CONFIG = {
  load_header: "Endpoint-Load-Metrics",
  load_blackout_seconds: 10,
  load_expiry_seconds: 180,
} as BalanceConfig;

const peer = (key: string): Peer => ({ key }) as Peer;
const [a, b, silent] = [peer("a"), peer("b"), peer("silent")];
const says = (text: string) => fakeContext({ responseHeaders: { "endpoint-load-metrics": text } });
const factors = (reports: LoadReports): number[] => [a, b, silent].map((one) => reports.factor(one));

/** Both have told for so long; `a` bears three times as much. */
function told(seconds: number): LoadReports {
  const reports = createLoadReports(CONFIG, json);
  for (let now = 1000; now <= 1000 + seconds; now += 1) {
    reports.read(a, says("TEXT cpu_utilization=0.2, rps_fractional=60"), now);
    reports.read(b, says('JSON {"cpu_utilization": 0.6, "rps_fractional": 60}'), now);
  }
  reports.renew([a, b, silent], 1000 + seconds);
  return reports;
}

describe("reports of load", () => {
  it("shift weights toward who bears more; the mean is 1, and so is who says nothing", () => {
    expect(factors(told(20))).toEqual([1.5, 0.5, 1]);
  });

  it("are not believed of a peer that has just come, nor for long after it fell silent", () => {
    expect(factors(told(5))).toEqual([1, 1, 1]);
    const reports = told(20);
    reports.renew([a, b, silent], 1020 + 181);
    expect(factors(reports)).toEqual([1, 1, 1]);
  });

  it("change nothing when they are garbage", () => {
    const reports = told(20);
    for (const text of ["", "TEXT", "JSON {", "JSON 5", "BIN AAAA", "TEXT cpu_utilization=nan, rps_fractional=-1"]) {
      reports.read(a, says(text), 1030);
    }
    reports.read(b, fakeContext(), 1030);
    reports.renew([a, b, silent], 1030);
    expect(factors(reports)).toEqual([1.5, 0.5, 1]);
  });

  it("are not asked for where no header is configured", () => {
    const { load_header: _none, ...config } = CONFIG;
    const context = says("TEXT cpu_utilization=0.2, rps_fractional=60");
    createLoadReports(config, json).read(a, context, 1000);
    expect(context.reads).toEqual([]);
  });

  it("forget peers that are gone", () => {
    const reports = told(20);
    reports.renew([b], 1021);
    reports.renew([a, b], 1022);
    expect(reports.factor(a)).toBe(1);
  });
});
