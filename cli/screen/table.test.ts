import { expect, test } from "vitest";
import { lineWidth, span, type Line } from "./line.ts";
import { table, type Column } from "./table.ts";

const plain = (lines: readonly Line[]): string[] => lines.map((line) => line.map(({ text }) => text).join(""));

const columns: readonly Column[] = [
  { title: "Name", least: 6 },
  { title: "rps", right: true },
  { title: "empty" },
  { title: "spare", spare: 1 },
  { title: "more", spare: 2 },
  { title: "why", least: 5 },
];
const rows = [
  ["route:users", "12.5", "", "s", "m", "too many failures"],
  ["b", "1", "", "", "", ""],
].map((cells) => cells.map((text) => span(text)));

test("columns are as wide as their content; one without content is left out; nothing hangs over at the end", () => {
  expect(plain(table(columns, rows, Infinity))).toEqual([
    "Name          rps  spare  more  why",
    "route:users  12.5  s      m     too many failures",
    "b               1",
  ]);
});

test("what is not so important goes first, then texts are cut, then everything", () => {
  const at = (width: number): string | undefined => plain(table(columns, rows, width))[1];
  expect(at(48)).toBe("route:users  12.5  s      m     too many failur…");
  expect(at(30)).toBe("route:…  12.5  s      too man…");
  expect(at(20)).toBe("route…  12.5  too m…");
  expect(at(10)).toBe("route…  1…");
});

test("no line is wider than the terminal", () => {
  for (let width = 1; width < 60; width++) {
    for (const line of table(columns, rows, width)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
  }
});

test("the first title is strong: it names the table", () => {
  expect(table(columns, rows, 80)[0]?.filter(({ tone }) => tone === "strong")).toEqual([span("Name", "strong")]);
});
