import { describe, expect, expectTypeOf, it } from "vitest";
import { concurrencyConfig } from "../../test/harness/concurrency-rig.ts";
import type { Infer } from "../_kit/schema/index.ts";
import { check } from "./check.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";

describe("manifest", () => {
  it("declares the type the plugin uses", () => {
    expectTypeOf<Infer<typeof manifest.config>>().toEqualTypeOf<Config>();
  });

  it("has defaults for everything, and they pass", () => {
    expect(check(concurrencyConfig({}))).toBeUndefined();
  });

  it.each([
    [{ limit: { min: 10, max: 5 } }, "limit.min"],
    [{ limit: { initial: 4 } }, "limit.initial"],
    [{ limit: { initial: 2000 } }, "limit.initial"],
    [{ priorities: { default: "none" } }, '"none"'],
  ])("refuses %j", (written, word) => {
    expect(check(concurrencyConfig(written))).toContain(word);
  });

  it("names its state", () => {
    const place = { route: "users", upstream: "backend", peers: [] };
    const names = ["route", "upstream"].map((scope) => manifest.stateName?.(concurrencyConfig({ scope }), place));
    expect(names).toEqual(["route:users", "upstream:backend"]);
  });
});
