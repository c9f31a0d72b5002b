import { describe, expect, it } from "vitest";
import type { Gateway } from "./model.ts";
import type { PlannedRoute } from "./target.ts";
import { withUsedDicts } from "./used-dicts.ts";

const MEGABYTE = 1024 * 1024;

interface Asked {
  readonly isDynamic?: boolean;
  readonly phases?: readonly string[];
}

function sizes(
  written: Record<string, number>,
  dicts: readonly string[],
  { isDynamic = false, phases = ["access"] }: Asked = {},
): Readonly<Record<string, number>> {
  const upstreams = [{ isDynamic: false }, { isDynamic }];
  const gateway = { sharedMemoryBytes: { autoscale: MEGABYTE, ...written }, upstreams } as unknown as Gateway;
  const plugins = [{ dicts, phases }];
  const routes = [{ plugins }, { plugins }] as unknown as PlannedRoute[];
  return withUsedDicts(gateway, routes).sharedMemoryBytes;
}

describe("shared dicts of plugins in use", () => {
  it("have a size when gateway.yaml gives none", () => {
    expect(sizes({}, ["autoscale_metrics", "of_my_own"])).toEqual({
      autoscale: MEGABYTE,
      autoscale_metrics: 32 * MEGABYTE,
      of_my_own: 16 * MEGABYTE,
    });
  });

  it("keep the size they are given", () => {
    const given = { autoscale_metrics: 5 * MEGABYTE };
    expect(sizes(given, ["autoscale", "autoscale_metrics"])).toEqual({ autoscale: MEGABYTE, ...given });
  });

  it.each([{ isDynamic: true }, { phases: ["select_upstream"] }])("are those of what picks peers, for %j", (asked) => {
    expect(sizes({}, [], asked)).toEqual({ autoscale: MEGABYTE, autoscale_upstreams: 8 * MEGABYTE });
  });

  it("are not declared when nothing uses them", () => {
    expect(sizes({}, [])).toEqual({ autoscale: MEGABYTE });
  });
});
