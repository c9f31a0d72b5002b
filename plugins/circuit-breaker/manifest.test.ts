import { describe, expect, expectTypeOf, it } from "vitest";
import type { Infer } from "../_kit/schema/index.ts";
import { configOf } from "../../test/harness/breaker-rig.ts";
import { check } from "./check.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";

describe("manifest", () => {
  it("declares the type the plugin uses", () => {
    expectTypeOf<Infer<typeof manifest.config>>().toEqualTypeOf<Config>();
  });

  it("has defaults for everything, and they pass", () => {
    expect(check(configOf({}))).toBeUndefined();
  });

  it.each([
    [{ window: { type: "count", calls: 10 } }, "minimum_calls"],
    [{ open: { seconds: 400 } }, "open.max_seconds"],
    [{ fallback: { redirect: "/sorry", upstream: "spare" } }, "keep one"],
    [{ failure_statuses: ["599-500"] }, '"599-500"'],
  ])("refuses %j", (written, word) => {
    expect(check(configOf(written))).toContain(word);
  });

  it("has the phases that its scope needs", () => {
    const phases = (scope: string): unknown => manifest.phasesOf?.(configOf({ scope }));
    expect(phases("route")).toEqual(["access", "log"]);
    expect(phases("peer")).toEqual(["access", "select_upstream", "log"]);
  });

  it("names its state and the upstreams it may route to", () => {
    const place = { route: "users", upstream: "backend", peers: [] };
    const names = ["route", "upstream", "peer"].map((scope) => manifest.stateName?.(configOf({ scope }), place));
    expect(names).toEqual(["route:users", "upstream:backend", "peer:backend"]);
    expect(manifest.upstreams?.(configOf({ fallback: { upstream: "spare" } }))).toEqual(["spare"]);
    expect(manifest.upstreams?.(configOf({}))).toEqual([]);
  });
});
