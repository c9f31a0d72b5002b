import { expect, test } from "vitest";
import { logLine } from "./log-line.ts";

const decision =
  '2026/11/22 02:27:19 [notice] 1#1: *22 [lua] worker-log.lua:11: notice(): [autoscale] decision {"event":"decision",' +
  '"inputs":{"failures":4,"calls":5,"failure_threshold":49.976001},"subject":"route:users","time":1.5,"to":"open",' +
  '"reason":"too many failures","plugin":"circuit-breaker","from":"closed"} while logging request, client: 127.0.0.1';

function plain(text: string | undefined): string | undefined {
  // eslint-disable-next-line no-control-regex -- colors begin with ESC
  return text?.replace(/\u001b\[\d+m/g, "");
}

test("a decision is told in words", () => {
  expect(plain(logLine(decision))).toBe(
    "02:27:19 circuit-breaker route:users closed -> open: too many failures calls=5 failure_threshold=49.98 failures=4",
  );
});

test("nginx's own notices are left out, its warnings and errors are not", () => {
  expect(logLine("2026/11/22 02:27:17 [notice] 1#1: start worker processes")).toBeUndefined();
  const error = "2026/11/22 02:27:17 [error] 1#1: *1 connect() failed (111: Connection refused)";
  expect(logLine(error)).toBe(error);
});

test("what is not a decision after all is shown as it is", () => {
  const broken = "2026/11/22 02:27:17 [notice] 1#1: [autoscale] decision {broken}";
  expect(logLine(broken)).toBe(broken);
  expect(logLine("text without a level")).toBe("text without a level");
  expect(logLine("")).toBeUndefined();
});
