/**
 * What the OpenResty target writes for a handful of gateways, compared file by file. Lua of algorithms is left out: tests of
 * behavior cover it. After a change that is meant: npx vitest run --project golden -u, and read the difference.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { manifestText, packBundle } from "../../cli/build/pack.ts";
import { prepare, type Bundle } from "../../cli/build/pipeline.ts";
import { testConfig } from "../../cli/engine/index.ts";
import { selfSigned } from "../harness/certificate.ts";
import { describeWithEngine, nativeEngine } from "../harness/native-engine.ts";
import { freshStockLua } from "../harness/stock-lua.ts";
import { temporaryFiles } from "../harness/temporary-files.ts";

const gateways = join(import.meta.dirname, "gateways");
const names = readdirSync(gateways).map((file) => file.replace(/\.yaml$/, ""));
const PLUGINS = join(import.meta.dirname, "../../examples/own-plugin/plugins");

/** A folder with the gateway.yaml and all that its paths point at. */
function site(name: string, change = (text: string): string => text): string {
  const { certificate, key } = selfSigned("example.com");
  const text = change(readFileSync(join(gateways, `${name}.yaml`), "utf8"));
  const folder = temporaryFiles({ "gateway.yaml": text, "certs/site.pem": certificate, "certs/site.key": key });
  cpSync(PLUGINS, join(folder, "plugins"), { recursive: true });
  return folder;
}

async function build(folder: string): Promise<{ bundle: Bundle; version: string }> {
  const file = join(folder, "gateway.yaml");
  const env = { ADMIN_TOKEN: "golden" };
  const made = await prepare({ file, cwd: folder, env, targets: ["openresty"], luaFolder: freshStockLua() });
  const [bundle] = made.bundles;
  if (bundle === undefined) throw new Error("no bundle");
  return { bundle, version: made.version };
}

const isGolden = (path: string): boolean => path.startsWith("conf/") || path === "lua/autoscale/gateway.lua";

/** The manifest with the names of the golden files; the hashes are those of files that are compared anyway. */
function manifest(bundle: Bundle, version: string): string {
  const all = JSON.parse(manifestText(bundle, version)) as { files: Record<string, string> };
  const files = Object.keys(all.files).filter(isGolden);
  return `${JSON.stringify({ ...all, files }, undefined, 2)}\n`;
}

async function goldenFiles(folder: string): Promise<Map<string, string>> {
  const { bundle, version } = await build(folder);
  const files = new Map([...bundle.files].filter(([path]) => isGolden(path)));
  files.set("manifest.json", manifest(bundle, version));
  const neutral = (text: string): string =>
    text
      .replaceAll(folder, "/site")
      .replaceAll(`"${version}"`, '"<version>"')
      .replaceAll(/'sha256-[^']+'/g, "'sha256-<hash>'");
  return new Map([...files].map(([path, text]) => [path, neutral(text)]));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

test.each(names)("%s", async (name) => {
  const expected = join(import.meta.dirname, "expected", name);
  const files = await goldenFiles(site(name));
  for (const [path, text] of files) await expect(text).toMatchFileSnapshot(join(expected, path));
  const stale = filesBelow(expected).filter((path) => !files.has(path));
  expect(stale, "files of test/golden/expected that are no longer written").toEqual([]);
});

describeWithEngine("nginx takes what is written", () => {
  test.each(names)("%s", async (name) => {
    // Not every machine has IPv6, and nginx -t opens the ports.
    const folder = site(name, (text) => text.replace('{ address: "::1"', "{ address: 127.0.0.3"));
    const { bundle, version } = await build(folder);
    const prefix = await packBundle(bundle, version, join(folder, "dist"), () => Promise.resolve());
    const result = await testConfig(nativeEngine(), prefix);
    expect(result.output).toContain("test is successful");
    // Newer ones warn of `listen ... http2`, which older ones need.
    const told = result.output.split("\n").filter((line) => line.includes("[") && !line.includes('"listen ... http2"'));
    expect(told).toEqual([]);
  });

  test("from the configuration of one's own that docs/openresty.md shows", async () => {
    const folder = site("peers");
    const { bundle, version } = await build(folder);
    const made = await packBundle(bundle, version, join(folder, "dist"), () => Promise.resolve());
    const document = readFileSync(join(import.meta.dirname, "../../docs/openresty.md"), "utf8");
    const listing = /^```nginx\n(.*?)^```/ms.exec(document)?.[1] ?? "";
    expect(listing).toContain("/srv/gateway/dist/openresty");
    const own = join(folder, "own");
    mkdirSync(join(own, "conf"), { recursive: true });
    mkdirSync(join(own, "logs"));
    cpSync(join(made, "conf/fragments"), join(own, "conf/fragments"), { recursive: true });
    writeFileSync(
      join(own, "conf/nginx.conf"),
      `pid logs/nginx.pid;\nevents {}\n${listing.replaceAll("/srv/gateway/dist/openresty", made)}`,
    );
    const result = await testConfig(nativeEngine(), own);
    expect(result.output).toContain("test is successful");
  });
});
