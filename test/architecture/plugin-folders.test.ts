import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { configTable } from "../../plugins/_kit/schema/index.ts";
import { projectFiles, read, root } from "./repository.ts";

const BEGIN = "<!-- config:begin -->";
const END = "<!-- config:end -->";

const files = projectFiles("plugins/**");
const plugins = new Set(files.map((path) => path.split("/")[1] ?? "").filter((name) => /^[a-z]/.test(name)));

/** What stands between the markers, or undefined when they are not there. */
function betweenMarkers(readme: string): string | undefined {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  return begin < 0 || end < begin ? undefined : readme.slice(begin + BEGIN.length, end).trim();
}

test("the stock plugins are found", () => {
  expect([...plugins]).toContain("circuit-breaker");
});

describe.each([...plugins])("plugins/%s", (name) => {
  const has = (file: string): boolean => files.includes(`plugins/${name}/${file}`);

  test("has its manifest, its handlers, its README and a test", () => {
    expect(["manifest.ts", "plugin.ts", "README.md"].filter((file) => !has(file))).toEqual([]);
    expect(files.some((path) => path.startsWith(`plugins/${name}/`) && path.endsWith(".test.ts"))).toBe(true);
  });

  test("is named as its folder, and its README shows the config that its schema declares", async () => {
    const { default: manifest } = (await import(join(root, "plugins", name, "manifest.ts"))) as { default: Manifest };
    expect(manifest.name).toBe(name);
    expect(betweenMarkers(read(`plugins/${name}/README.md`))).toBe(configTable(manifest.config).trim());
  });
});

test("a README without markers shows no config", () => {
  expect(betweenMarkers("# A plugin\n\n| key | type |\n")).toBeUndefined();
  expect(betweenMarkers(`# A plugin\n\n${BEGIN}\n| key |\n${END}\n`)).toBe("| key |");
});
