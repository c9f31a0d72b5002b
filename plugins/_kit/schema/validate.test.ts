import { expect, test } from "vitest";
import { schema as s, validate } from "./index.ts";

const breaker = s.record({
  failure_rate: s.number({ default: 50, above: 0, max: 100, description: "Percent of calls that fail." }),
  scope: s.oneOf(["route", "upstream"], { default: "route", description: "What the breaker guards." }),
  half_open: s.record({
    calls: s.integer({ default: 10, min: 1, description: "Probes let through." }),
    timeout_seconds: s.number({ default: 30, above: 0, description: "How long a probe may take." }),
  }),
});

test("fills in defaults, nested records too", () => {
  expect(validate(breaker, {})).toEqual({
    ok: true,
    value: { failure_rate: 50, scope: "route", half_open: { calls: 10, timeout_seconds: 30 } },
    warnings: [],
  });
});
