import { expect, test } from "vitest";
import { pluginSchema } from "../../cli/build/plugin-schema.ts";
import { formatPath, validate } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { SCHEMA_CASE_PLUGINS, SCHEMA_CASES } from "./schema-cases.ts";

/** As the build does: the schema, then the plugin's rule over several fields. */
function verdict(
  manifest: Manifest,
  config: unknown,
): { readonly good: unknown } | { readonly bad: readonly string[] } {
  const result = validate(pluginSchema(manifest), config);
  if (!result.ok) return { bad: result.problems.map(({ path }) => formatPath(path)) };
  const { mode: _, ...own } = result.value as Record<string, unknown>;
  return manifest.check?.(own) === undefined ? { good: result.value } : { bad: [""] };
}

test.each(SCHEMA_CASES)("ours, $plugin: $title", ({ plugin, config, good, bad }) => {
  const manifest = SCHEMA_CASE_PLUGINS[plugin];
  expect(manifest && verdict(manifest, config)).toEqual(good === undefined ? { bad: [bad] } : { good });
});

test("there are enough cases, and no two with the same name", () => {
  expect(SCHEMA_CASES.filter(({ good }) => good !== undefined).length).toBeGreaterThan(50);
  expect(SCHEMA_CASES.filter(({ bad }) => bad !== undefined).length).toBeGreaterThan(100);
  expect(new Set(SCHEMA_CASES.map(({ plugin, title }) => `${plugin} ${title}`)).size).toBe(SCHEMA_CASES.length);
});
