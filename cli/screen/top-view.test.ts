import { expect, test } from "vitest";
import { fakeStatus } from "../../test/harness/admin-fake.ts";
import { readStatus } from "../admin-client/index.ts";
import { lineWidth } from "./line.ts";
import { firstModel, type TopModel } from "./top-model.ts";
import { topFrame, type TopFrame } from "./top-view.ts";

const model = firstModel("http://gateway:9180", { status: readStatus(fakeStatus(), ""), decisions: [] });
const size = { columns: 130, rows: 40 };

const textOf = ({ lines }: TopFrame): string[] => lines.map((line) => line.map(({ text }) => text).join(""));
const frame = (more: Partial<TopModel> = {}, at = size): TopFrame => topFrame({ ...model, ...more }, at, 1000);

test("head, body and the keys at the bottom fill the terminal", () => {
  const lines = textOf(frame());
  expect(lines).toHaveLength(40);
  expect(lines[0]).toMatch(/^Autoscale Lua 0\.1\.0/);
  expect(lines[1]).toMatch(/^http:\/\/gateway:9180 {2}\d\d:\d\d:\d\d$/);
  expect(lines.at(-1)).toMatch(/^q quit {2}s sorted by req\/s {2}p pause {2}\? help/);
  expect(lines.find((line) => line.startsWith("users "))).toContain("▁▂▃▆█");
});

test("the column that routes are sorted by is marked", () => {
  expect(textOf(frame()).find((line) => line.startsWith("Routes"))).toContain("▼req/s");
  expect(textOf(frame({ sort: 4 })).find((line) => line.includes("matches"))).toMatch(/^▼Routes/);
});

test("a short terminal shows a part, which scrolls and stops at the end", () => {
  const small = { columns: 130, rows: 10 };
  const top = frame({}, small);
  expect(top.room).toBe(6);
  expect(textOf(top).at(-1)).toMatch(/lines 1 to 6 of \d+$/);
  const end = frame({ scroll: 1e9 }, small);
  expect(textOf(end).at(-1)).toMatch(/lines (\d+) to (\d+) of \2$/);
  expect(textOf(end).at(-2)).toMatch(/^users +20 +3$/);
  expect(frame({ scroll: end.scroll + 5 }, small)).toEqual(end);
});

test("a lost connection, a pause and the help are shown", () => {
  const lost = { since: 988, why: "found no gateway" };
  expect(textOf(frame({ lost }))[2]).toBe("No answer for 12s, trying again: found no gateway");
  expect(textOf(frame({ paused: true })).join("\n")).toMatch(/paused at \d\d:.*\n.*p go on/s);
  expect(textOf(frame({ help: true })).join("\n")).toMatch(/q {2}Ctrl-C +quit\n/);
});

test("no terminal is too small", () => {
  for (const rows of [1, 2, 3, 5, 24]) {
    for (const columns of [1, 7, 20, 80]) {
      const { lines } = frame({ lost: { since: 1, why: "x".repeat(300) } }, { columns, rows });
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
    }
  }
});
