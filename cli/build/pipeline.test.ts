import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshStockLua } from "../../test/harness/stock-lua.ts";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { AutoscaleError } from "../errors.ts";
import { checkLuaSyntax } from "./compile/syntax.ts";
import { manifestText } from "./pack.ts";
import { prepare, type Prepared } from "./pipeline.ts";

const PLUGINS = join(import.meta.dirname, "../../examples/own-plugin/plugins");

const plain = `upstreams: { one: { targets: ["127.0.0.1:9001"] } }
routes: [{ name: all, upstream: one }]
`;
const withBreaker = plain.replace("upstream: one }", "upstream: one, plugins: { circuit-breaker: {} } }");
const withBoth = `${plain.replace(
  "upstream: one }",
  "upstream: one, plugins: { circuit-breaker: {}, shed-when-busy: {} } }",
)}custom_plugins: [plugins]\n`;

function site(text: string, folder = "."): string {
  const root = temporaryFiles({ [join(folder, "gateway.yaml")]: text });
  cpSync(PLUGINS, join(root, folder, "plugins"), { recursive: true });
  return join(root, folder);
}

function build(folder: string, cwd = folder, file = join(folder, "gateway.yaml")): Promise<Prepared> {
  return prepare({ file, cwd, env: {}, targets: ["openresty"], luaFolder: freshStockLua() });
}

/** Every byte a build would write. */
function bytes({ bundles, version }: Prepared): Record<string, string> {
  const files = bundles.flatMap((bundle) => [
    ...bundle.files,
    ["manifest.json", manifestText(bundle, version)] as const,
  ]);
  return Object.fromEntries(files);
}

describe("the same gateway.yaml gives the same bytes", () => {
  test("built twice, from another folder, and with another working directory", async () => {
    const here = site(withBoth);
    const there = site(withBoth, "a/deeper/place");
    const first = bytes(await build(here));
    expect(Object.keys(first).length).toBeGreaterThan(10);
    expect(bytes(await build(here))).toEqual(first);
    expect(bytes(await build(there))).toEqual(first);
    expect(bytes(await build(here, "/", join(here, "gateway.yaml")))).toEqual(first);
    expect(bytes(await build(there, join(there, ".."), "place/gateway.yaml"))).toEqual(first);
  });

  test("and no file names a folder of this machine", async () => {
    const here = site(withBoth);
    const root = join(import.meta.dirname, "../..");
    const files = Object.entries(bytes(await build(here)));
    const found = files.filter(([, text]) => [here, root, process.cwd()].some((path) => text.includes(path)));
    expect(found.map(([path]) => path)).toEqual([]);
  });
});

describe("the bundle's Lua", () => {
  const luaOf = async (text: string): Promise<string[]> => {
    return Object.keys(bytes(await build(site(text)))).filter((path) => path.endsWith(".lua"));
  };

  test("is what the gateway needs, and no more", async () => {
    const [without, with_, both] = [await luaOf(plain), await luaOf(withBreaker), await luaOf(withBoth)];
    const plugin = (path: string): boolean => path.startsWith("lua/autoscale/plugins/");
    expect(without).toContain("lua/autoscale/openresty/gateway.lua");
    expect(without.filter(plugin)).toEqual([]);
    expect(with_).toContain("lua/autoscale/plugins/circuit-breaker/plugin.lua");
    expect(both.filter((path) => !with_.includes(path))).toEqual(["lua/autoscale/plugins/shed-when-busy/plugin.lua"]);
  });

  test("holds every module that it requires", async () => {
    const files = bytes(await build(site(withBoth)));
    const there = Object.keys(files);
    const wanted = Object.values(files).flatMap((text) => {
      return [...text.matchAll(/require\("(autoscale\.[^"]+)"\)/g)].map(([, name = ""]) => name);
    });
    expect(wanted.length).toBeGreaterThan(20);
    const missing = wanted.filter((name) => !there.includes(`lua/${name.replaceAll(".", "/")}.lua`));
    expect(missing).toEqual([]);
  });

  test("has a source map for each module, outside of lua/, naming its TypeScript", async () => {
    const files = bytes(await build(site(withBoth)));
    const modules = Object.keys(files).filter((path) => path.endsWith(".lua") && path !== "lua/autoscale/gateway.lua");
    for (const path of modules) {
      const map = JSON.parse(files[path.replace(/^lua\//, "maps/").concat(".map")] ?? "{}") as { sources?: string[] };
      expect(map.sources?.[0], path).toMatch(/\.ts$|lualib/);
    }
    expect(Object.keys(files).filter((path) => path.startsWith("lua/") && !path.endsWith(".lua"))).toEqual([]);
  });

  test("parses, and Lua that does not is noticed", async () => {
    const prepared = await build(site(withBoth));
    const lua = Object.entries(bytes(prepared)).flatMap(([path, text]) =>
      path.endsWith(".lua") ? [{ path, lua: text }] : [],
    );
    const problems = await checkLuaSyntax([...lua, { path: "broken.lua", lua: "return (" }]);
    if (problems === "no luajit") expect(prepared.luaChecked).toBe(false);
    else expect(problems.map(({ file }) => file)).toEqual(["broken.lua"]);
  });
});

test("an unknown target is an error of the user, and no target is only a check", async () => {
  const folder = site(plain);
  const options = { file: join(folder, "gateway.yaml"), cwd: folder, env: {}, luaFolder: freshStockLua() };
  await expect(prepare({ ...options, targets: ["kongg"] })).rejects.toBeInstanceOf(AutoscaleError);
  expect((await prepare({ ...options, targets: [] })).bundles).toEqual([]);
});
