import { expect, test } from "vitest";
import { fakeStatus } from "../../test/harness/admin-fake.ts";
import { readStatus, type GatewayStatus } from "../admin-client/index.ts";
import { lineWidth, type Line } from "./line.ts";
import { statusLines } from "./status-view.ts";

const plain = (lines: readonly Line[]): string => lines.map((line) => line.map(({ text }) => text).join("")).join("\n");
const status = (more: object = {}): GatewayStatus => readStatus({ ...fakeStatus(), ...more }, "");
const decision = {
  time: 1,
  plugin: "circuit-breaker",
  subject: "route:users",
  from: "half_open",
  to: "open",
  reason: "a probe failed",
};

test("everything a gateway tells has its place", () => {
  const text = plain(statusLines(status(), [decision], Infinity));
  expect(text.split("\n\n").map((part) => part.split(/\s+/, 1)[0])).toEqual([
    "Autoscale",
    "Routes",
    "Upstreams",
    "Breakers",
    "Limits",
    "Concurrency",
    "Decisions",
  ]);
  expect(text).toContain(
    "0.1.0 · up 2h 5m · 4 workers · cpu 12% · memory 118 MiB · lag 1.0 ms · pressure 0.1 · 7 connections",
  );
  expect(text).toMatch(/^orders {2}api\.example\.com\/orders +250 +40% +orders$/m);
  expect(text).toMatch(
    /^users +GET \/users +12\.1 +1\.5% {2}3\.0 ms {2}10 ms {2}100 ms +3 {2}users +circuit-breaker endpoint-metrics$/m,
  );
  expect(text).toMatch(/^users +1 of 4 +12\.1 +1\.5% .* peak-ewma +3 {2}12\.1 rps over 4 a replica$/m);
  expect(text).toMatch(/^ {2}10\.0\.0\.2:8080 +drain +2 +deploy \((4m|3m 5\ds) left\)$/m);
  expect(text).toMatch(/^route:orders {2}open +60% +40 +5s +25s {2}too many failures$/m);
  expect(text).toMatch(/^users +100 +0\.5 +1m {2}high latency$/m);
  expect(text).toMatch(/circuit-breaker {2}route:users {2}half open → open {2}a probe failed$/m);
});

test("a gateway that tells only its version is fine", () => {
  expect(plain(statusLines(readStatus({ version: "0.1.0", time: 1 }, ""), [], 80))).toBe("Autoscale Lua 0.1.0");
});

test("people are told when plugins fail, and when nothing can be changed", () => {
  const text = plain(statusLines(status({ writable: false, plugins: { mine: { errors: 3 } } }), [], 120));
  expect(text).toContain("Plugin mine failed 3 times");
  expect(text).toContain("Only to look at");
  expect(plain(statusLines(status(), [], 120))).not.toMatch(/failed \d+ times|Only to look at/);
});

test("states have the tones of a traffic light", () => {
  const tones = statusLines(status(), [], 200).flatMap((line) =>
    line
      .filter(({ text }) => ["up", "drain", "ejected", "closed", "open", "40%", "1.5%"].includes(text))
      .map(({ text, tone }) => `${text} ${tone}`),
  );
  expect(new Set(tones)).toEqual(
    new Set(["up good", "drain warn", "ejected bad", "closed good", "open bad", "40% bad", "1.5% warn", "1.5% plain"]),
  );
});

test("no terminal is too narrow", () => {
  for (let width = 1; width <= 200; width++) {
    for (const line of statusLines(status(), [decision], width)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
  }
});

test("what a client wrote cannot give orders to the terminal", () => {
  const breakers = { "route:\u001b[2Jx": { state: "open", reason: "a\u001b]0;title\u0007b\nc\u202ed" } };
  const text = plain(statusLines(status({ breakers }), [], 200));
  expect(text).not.toMatch(/[^\P{C}\n]/u);
  expect(text).toContain("route: [2Jx");
});
