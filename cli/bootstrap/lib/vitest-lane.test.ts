import { describe, expect, test } from "vitest";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name?: string; status: string; message?: string; assertionResults: Assertion[] }[];
}

interface Assertion {
  status: string;
  title?: string;
  ancestorTitles?: string[];
  failureMessages?: string[];
}

const { countReport, failedNames, skippedNames } = (await import(
  new URL("./vitest-lane.mjs", import.meta.url).href
)) as {
  countReport(report: Report, exitedWell: boolean): { passed: number; failed: number; skipped: number };
  failedNames(report: Report): string[];
  skippedNames(report: Report): string[];
};

function report(changes: Partial<Report>): Report {
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...changes };
}

describe("countReport", () => {
  test("skipped tests and those yet to be written count as skipped", () => {
    const counts = countReport(report({ numPassedTests: 7, numPendingTests: 2, numTodoTests: 1 }), true);
    expect(counts).toEqual({ passed: 7, failed: 0, skipped: 3 });
  });

  test("a file that fails before its first test is one failure", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countReport(report({ numPassedTests: 7, testResults }), false)).toEqual({
      passed: 7,
      failed: 1,
      skipped: 0,
    });
  });

  test("a file with failed tests is not counted once more", () => {
    const testResults = [{ status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] }];
    const counts = countReport(report({ numPassedTests: 1, numFailedTests: 1, testResults }), false);
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test("a run that ends badly without a failed test, as by an unhandled error, is one failure", () => {
    expect(countReport(report({ numPassedTests: 7 }), false)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  });
});

test("skippedNames: one line for a group that is skipped whole, with its count; a line for each test otherwise", () => {
  const skipped = (title: string, ...ancestorTitles: string[]) => ({ status: "pending", title, ancestorTitles });
  const assertionResults = [
    skipped("one", "with LuaJIT (none here)"),
    skipped("two", "with LuaJIT (none here)"),
    skipped("alone"),
    skipped("in part (not as root)", "a group that runs"),
    { status: "passed", title: "another", ancestorTitles: ["a group that runs"] },
    { status: "passed", title: "three", ancestorTitles: [] },
  ];
  const name = new URL("../../../test/lua/x.test.ts", import.meta.url).pathname;
  expect(skippedNames(report({ testResults: [{ name, status: "passed", assertionResults }] }))).toEqual([
    "test/lua/x.test.ts > with LuaJIT (none here) (2)",
    "test/lua/x.test.ts > alone",
    "test/lua/x.test.ts > a group that runs > in part (not as root)",
  ]);
});

test("failedNames: where each failed test stands and the first line of why, and files that fail before their first test", () => {
  const failed = {
    status: "failed",
    title: "adds",
    ancestorTitles: ["sums"],
    failureMessages: ["expected 3\n    at x.ts"],
  };
  const name = (file: string) => new URL(`../../../test/lua/${file}`, import.meta.url).pathname;
  const testResults = [
    { name: name("a.test.ts"), status: "failed", assertionResults: [failed, { ...failed, status: "passed" }] },
    { name: name("b.test.ts"), status: "failed", message: "cannot load\n", assertionResults: [] },
    { name: name("c.test.ts"), status: "passed", assertionResults: [] },
  ];
  expect(failedNames(report({ testResults }))).toEqual([
    "test/lua/a.test.ts > sums > adds: expected 3",
    "test/lua/b.test.ts: cannot load",
  ]);
});
