import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { loadGateway, parseGateway, type LoadedGateway } from "../../cli/build/load/index.ts";
import { Planner } from "../../cli/build/plan.ts";
import { stockPlugins } from "../../cli/build/registry.ts";
import { environmentOf, gatewayListings } from "./listings.ts";
import { projectFiles, read, root } from "./repository.ts";

const documents = projectFiles("*.md").filter((path) => !path.startsWith("templates/_scaffold/"));
const listings = documents.flatMap((path) => gatewayListings(read(path)).map((listing) => ({ path, ...listing })));
const examples = projectFiles("examples/**/gateway.yaml", "test/bench/*.yaml");

/** Throws what `autoscale-lua check` would show. Plugins of one's own are beyond a listing: they are not on the disk. */
async function check({ gateway, locate }: LoadedGateway): Promise<void> {
  if (gateway.customPlugins.length === 0) new Planner(gateway, await stockPlugins(), locate).plan();
}

test("documents or examples show a gateway.yaml", () => {
  expect(listings.length + examples.length).toBeGreaterThan(0);
});

test.each(listings)("$path:$line is a gateway.yaml that loads", async ({ path, text }) => {
  const loaded = parseGateway(text, {
    file: join(root, dirname(path), "gateway.yaml"),
    shownFile: path,
    env: environmentOf(text),
    kindOf: (file) => (/\.\w+$/.test(file) ? "file" : "folder"),
  });
  await check(loaded);
});

test.each(examples)("%s loads", async (path) => {
  const env = environmentOf(read(path));
  await check(loadGateway(path, { env, cwd: root }));
});

test("listings are found, also indented ones, and fragments get a route", () => {
  const markdown = [
    "# Title",
    "```yaml",
    "upstreams:",
    '  users: { targets: ["10.0.0.1:80"] }',
    "```",
    "- item",
    "  ```yaml",
    "  listen: 8080",
    "  upstreams: {}",
    "  routes: []",
    "  ```",
    "```yaml",
    "plugins: {}",
    "```",
  ].join("\n");
  expect(gatewayListings(markdown)).toEqual([
    {
      line: 3,
      text:
        'upstreams:\n  users: { targets: ["10.0.0.1:80"] }\n' +
        "routes: [{ name: listing, path: /, upstream: users }]\n",
    },
    { line: 8, text: "listen: 8080\nupstreams: {}\nroutes: []\n" },
  ]);
});

test("a listing that would not load is noticed", () => {
  const text = "upstreams:\n  users: { targets: [nonsense] }\nroutes: [{ name: all, path: /, upstream: users }]\n";
  const options = { file: "/gateway.yaml", shownFile: "doc.md", env: {}, kindOf: () => undefined };
  expect(() => parseGateway(text, options)).toThrow("doc.md:2");
});
