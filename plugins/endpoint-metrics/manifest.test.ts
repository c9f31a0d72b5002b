import { describe, expect, test } from "vitest";
import { validate } from "../_kit/schema/index.ts";
import { check } from "./check.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";

function configOf(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

describe("configuration", () => {
  test("all has defaults", () => {
    const config = configOf({});
    expect(config).toMatchObject({ max_series: 5000, idle_seconds: 900, labels: {}, push: {}, tokens: "off" });
    expect(check(config)).toBeUndefined();
  });

  test("buckets that do not rise are refused", () => {
    expect(check(configOf({ buckets: [0.1, 0.1] }))).toContain("buckets must rise");
  });

  test("an allow-list of a label that is not there is refused", () => {
    expect(check(configOf({ label_values: { allow: { tenant: ["a"] } } }))).toContain('"tenant"');
  });

  test.each(["route", "method", "status", "upstream", "le"])("a label called %s is refused", (name) => {
    expect(check(configOf({ labels: { [name]: "header:X" } }))).toContain(`"${name}"`);
    expect(check(configOf({ labels: { [`${name}_x`]: "header:X" } }))).toBeUndefined();
  });

  test("a smallest number of replicas above the largest is refused", () => {
    expect(check(configOf({ autoscale: { target: 1, min: 5, max: 2 } }))).toContain("autoscale.min");
  });

  test("a source that does not exist is refused", () => {
    expect(validate(manifest.config, { labels: { tenant: "cookie:t" } }).ok).toBe(false);
  });
});
