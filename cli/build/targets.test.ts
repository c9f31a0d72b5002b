import { expect, test } from "vitest";
import type { AutoscaleError } from "../errors.ts";
import { loadTarget, targetNames } from "./targets.ts";

test("targets are found by their folders, and named as these", async () => {
  const names = await targetNames();
  expect(names).toContain("openresty");
  expect(names.filter((name) => name.startsWith("_"))).toEqual([]);
  for (const name of names) {
    const { target, folder } = await loadTarget(name);
    expect(target.name).toBe(name);
    expect(target.description).toMatch(/\.$/);
    expect(folder.href).toMatch(new RegExp(`/templates/${name}/$`));
  }
});

test.each(["openrest", "", "../cli", "_shared", "constructor"])("a target named %j is unknown", async (name) => {
  const error: unknown = await loadTarget(name).catch((thrown: unknown) => thrown);
  expect((error as AutoscaleError).problems).toMatchObject([{ code: "E_TARGET_UNKNOWN" }]);
  expect((error as AutoscaleError).message).toContain("openresty");
});
