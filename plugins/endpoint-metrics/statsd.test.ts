import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Statsd } from "./config.ts";
import { labelFragment } from "./label-values.ts";
import { newBatch } from "./statsd-batch.ts";
import { subjectOf, writeCount, writeDurations, writeGauge } from "./statsd-lines.ts";
import { labelPairs, segmentText, tagText } from "../_core/statsd-text.ts";

function statsd(changes: Partial<Statsd> = {}): Statsd {
  return { address: "h:1", flavor: "dogstatsd", interval_seconds: 10, prefix: "gw", mtu_bytes: 1432, ...changes };
}

const bytes = fc.uint8Array({ maxLength: 60 }).map((list) => Buffer.from(list).toString("latin1"));
const hostile = fc.oneof(
  bytes,
  fc.string({ unit: fc.constantFrom("|", "#", ":", ",", "\n", "@", " ", ".", "a", '"', "\\") }),
);

/** By the documented grammar: NAME:VALUE|TYPE|@RATE|#TAG:VALUE,… and nothing else. */
const DOGSTATSD =
  /^[A-Za-z][\w.-]*:\d+(?:\.\d+)?\|(?:c|g|d)(?:\|@0\.\d+)?(?:\|#[a-z_]+:[^|#:, \n]+(?:,[a-z_]+:[^|#:, \n]+)*)?$/;
const STATSD = /^[A-Za-z][\w-]*(?:\.[\w-]+)+:\d+(?:\.\d+)?\|(?:c|g|ms)(?:\|@0\.\d+)?$/;

test("labels come back from Prometheus' text", () => {
  const value = fc.string({ unit: fc.constantFrom('"', "\\", "a", "n", ",", "=", "é") });
  fc.assert(
    fc.property(value, value, (one, two) => {
      const extra = labelFragment("one", one, 256) + labelFragment("two_b", two, 256);
      expect(labelPairs(extra)).toEqual([
        { name: "one", value: labelPairs(labelFragment("one", one, 256))[0]?.value },
        { name: "two_b", value: two.replaceAll("é", "?") },
      ]);
    }),
  );
  expect(labelPairs(',a="x\\"y\\\\",b=""')).toEqual([
    { name: "a", value: 'x"y\\' },
    { name: "b", value: "" },
  ]);
});

test("names and tags hold nothing that means something", () => {
  expect(segmentText("a.b c/é")).toBe("a_b_c__");
  expect(segmentText("")).toBe("none");
  expect(tagText("a,b|c#d:e\nf é")).toBe("a_b_c_d_e_f_é");
});

describe.each([
  ["dogstatsd", DOGSTATSD],
  ["statsd", STATSD],
] as const)("%s", (flavor, grammar) => {
  test("every line is well formed and none is too long, whatever the labels say", () => {
    const mtu = fc.integer({ min: 128, max: 1432 });
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 8 }), mtu, (values, mtuBytes) => {
        const to = statsd({ flavor, mtu_bytes: mtuBytes });
        const subject = subjectOf(to, [
          { name: "route", value: "users" },
          ...values.map((value) => ({ name: "tenant", value })),
        ]);
        const lines: string[] = [];
        const take = (line: string) => lines.push(line);
        writeCount(take, subject, "requests", 99_999_999_999_999);
        writeGauge(take, subject, "requests_in_flight", 0);
        writeDurations(take, subject, "request_duration", to, [0.1, 1], [1, 3, 7_654_321], 99_999_999);
        expect(lines).toHaveLength(5);
        for (const line of lines) {
          expect(line).toMatch(grammar);
          expect(line.length).toBeLessThanOrEqual(mtuBytes);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("nothing is said of what did not happen", () => {
    const lines: string[] = [];
    const subject = subjectOf(statsd({ flavor }), []);
    writeCount((line) => lines.push(line), subject, "requests", 0);
    writeDurations((line) => lines.push(line), subject, "request_duration", statsd({ flavor }), [1], [0, 0], 0);
    expect(lines).toEqual([]);
  });
});

test("what lines look like", () => {
  const pairs = [
    { name: "route", value: "users" },
    { name: "tenant", value: "" },
    { name: "area", value: "a.b" },
  ];
  const lines: string[] = [];
  const take = (line: string) => lines.push(line);
  for (const flavor of ["dogstatsd", "statsd"] as const) {
    const to = statsd({ flavor });
    const subject = subjectOf(to, pairs);
    writeCount(take, subject, "requests", 3);
    writeDurations(take, subject, "request_duration", to, [0.1, 1], [0, 4, 1], 3.7);
  }
  expect(lines).toEqual([
    "gw.requests:3|c|#route:users,area:a.b",
    "gw.request_duration_seconds:0.550000|d|@0.250000000000|#route:users,area:a.b",
    "gw.request_duration_seconds:1.500000|d|#route:users,area:a.b",
    "gw.users.none.a_b.requests:3|c",
    "gw.users.none.a_b.request_duration:550.000000|ms|@0.250000000000",
    "gw.users.none.a_b.request_duration:1500.000000|ms",
  ]);
});

test("datagrams are as full as can be, and lines stay whole and in order", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 10, max: 100 }), (lines, mtu) => {
      const handed: (string | undefined)[] = [];
      const batch = newBatch(mtu, (payload) => handed.push(payload));
      for (const each of lines) batch.add(each);
      batch.end();
      const payloads = handed.filter((payload) => payload !== undefined);
      const fitting = lines.filter((each) => each.length <= mtu);
      expect(handed.length - payloads.length).toBe(lines.length - fitting.length);
      expect(payloads.flatMap((payload) => payload.split("\n"))).toEqual(fitting);
      payloads.forEach((payload, index) => {
        expect(payload.length).toBeLessThanOrEqual(mtu);
        const next = payloads[index + 1]?.split("\n")[0];
        if (next !== undefined) expect(payload.length + 1 + next.length).toBeGreaterThan(mtu);
      });
    }),
  );
});
