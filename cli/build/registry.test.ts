import { expect, test } from "vitest";
import { stockPlugins } from "./registry.ts";

test("finds the product's plugins by their folders, once", async () => {
  const plugins = await stockPlugins();
  expect(plugins.get("circuit-breaker")?.name).toBe("circuit-breaker");
  expect([...plugins.keys()].filter((name) => name.startsWith("_"))).toEqual([]);
  expect(await stockPlugins()).toBe(plugins);
});
