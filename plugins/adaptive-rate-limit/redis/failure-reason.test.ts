import { expect, test } from "vitest";
import { failureReason, FAILURE_REASONS, remedyOf } from "./failure-reason.ts";

test.each([
  ["timeout", "timeout"],
  ["connection refused", "unreachable"],
  ["cache could not be resolved (timeout)", "timeout"],
  ["cache could not be resolved (NXDOMAIN)", "unreachable"],
  ["no route to host", "unreachable"],
  ["closed", "closed"],
  ["connection reset by peer", "closed"],
  ["TLS: certificate host mismatch", "tls"],
  ["AUTH was refused: WRONGPASS", "login"],
  ["NOAUTH Authentication required.", "login"],
  ["NOPERM this user has no permissions to run the 'evalsha' command", "login"],
  ["OOM command not allowed when used memory > 'maxmemory'.", "memory"],
  ["ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -OOM command not allowed", "memory"],
  ["MISCONF Redis is configured to save RDB snapshots", "memory"],
  ["LOADING Redis is loading the dataset in memory", "loading"],
  ["ERR Error running script (call to f_1): -READONLY You can't write against a read only replica.", "readonly"],
  ["malformed answer", "malformed"],
  ["an answer of more than 20 bytes", "malformed"],
  ["ERR unknown command", "error"],
])("%s: %s", (problem, reason) => {
  expect(failureReason(problem)).toBe(reason);
  expect(FAILURE_REASONS).toContain(reason);
  expect(remedyOf(failureReason(problem))).not.toBe("");
});
