import { expect, test } from "vitest";
import { editorSchema } from "./editor-schema.ts";
import { stockPlugins } from "./registry.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node;
}

const schema = editorSchema((await stockPlugins()).values()) as Node;
const namesIn = (node: Node | undefined): readonly string[] => Object.keys(node?.properties ?? {});

test("plugins are completed where they stand, the one of upstreams among their fields alone", () => {
  const plugins = namesIn(schema.properties?.["plugins"]);
  expect(plugins).toContain("circuit-breaker");
  expect(plugins).not.toContain("dynamic-upstreams");
  const upstream = schema.properties?.["upstreams"]?.additionalProperties;
  expect(namesIn(upstream?.properties?.["discovery"])).toContain("consul");
  expect(namesIn(upstream?.properties?.["balance"])).toContain("policy");
  expect(namesIn(upstream?.properties?.["retries"])).toEqual(expect.arrayContaining(["on", "budget"]));
});
