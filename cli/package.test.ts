/** What is published: packed, installed into an empty folder, and used from there. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "../test/architecture/repository.ts";
import { buildLib } from "../test/harness/cli.ts";
import { temporaryFolder } from "../test/harness/temporary-files.ts";

const run = promisify(execFile);

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let packed: Packed;
/** An empty project with the package installed. */
const project = temporaryFolder();

async function npm(args: readonly string[], cwd: string): Promise<string> {
  return (await run("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd })).stdout;
}

async function inProject(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(join(project, "node_modules/.bin", program), [...args], { cwd: project });
  return stdout;
}

beforeAll(async () => {
  await buildLib();
  [packed] = JSON.parse(await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", project], root)) as [
    Packed,
  ];
  writeFileSync(join(project, "package.json"), '{ "name": "site", "private": true, "type": "module" }\n');
  await npm(["install", "--prefer-offline", `./${packed.filename}`], project);
  cpSync(join(root, "examples/own-plugin"), project, { recursive: true });
}, 400_000);

describe("the tarball", () => {
  const paths = (): string[] => packed.files.map(({ path }) => path);

  test("holds what is needed", () => {
    const needed = [
      "LICENSE",
      "README.md",
      "package.json",
      "lib/cli/main.js",
      "lib/lua/modules.json",
      "lib/source/tstl.json",
    ];
    expect(needed.filter((path) => !paths().includes(path))).toEqual([]);
    expect(paths().filter((path) => path.endsWith(".hbs")).length).toBeGreaterThan(5);
  });

  test("holds no test, and no source but what custom plugins are compiled against", () => {
    const wrong = paths().filter((path) => /\.test[.-]|fixtures|testing\/|\.stamp|(^|\/)test\//.test(path));
    expect(wrong).toEqual([]);
    const sources = paths().filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
    expect(sources.filter((path) => !/^lib\/source\/(plugins\/_(core|kit)|nginx\/types)\//.test(path))).toEqual([]);
  });

  test("stays small", () => {
    expect(packed.size).toBeLessThan(1_000_000);
  });
});

describe("installed", () => {
  test("the command line works", async () => {
    expect(await inProject("autoscale-lua", "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await inProject("autoscale-lua", "list")).toContain("circuit-breaker");
  });

  test("builds a gateway with a stock plugin", async () => {
    cpSync(join(root, "examples/quickstart/gateway.yaml"), join(project, "stock.yaml"));
    await inProject("autoscale-lua", "build", "stock.yaml", "--out", "stock");
    expect(existsSync(join(project, "stock/openresty/lua/autoscale/plugins/circuit-breaker/plugin.lua"))).toBe(true);
  });

  test("builds a gateway with a plugin of one's own, which imports autoscale-lua", async () => {
    await inProject("autoscale-lua", "build");
    expect(existsSync(join(project, "dist/openresty/lua/autoscale/plugins/shed-when-busy/plugin.lua"))).toBe(true);
  });

  test("its API can be imported in Node", async () => {
    const script = `
      import { definePlugin, schema, validate } from "autoscale-lua";
      import { samplePressure } from "autoscale-lua/core/pressure";
      const config = schema.record({ size: schema.integer({ default: 3, description: "How large it is." }) });
      console.log(typeof definePlugin, typeof samplePressure, JSON.stringify(validate(config, {}).value));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: project });
    expect(stdout).toBe('function function {"size":3}\n');
  });

  test("its types hold for tsc, and are more than any", async () => {
    const good = `import { definePlugin, schema, type Create } from "autoscale-lua";
export const manifest = definePlugin({
  name: "x", version: "1.0.0", description: "A plugin for a test.", priority: { openresty: 1, kong: 1, apisix: 1 },
  phases: ["log"], dicts: [], config: schema.record({ size: schema.integer({ default: 3, description: "How large it is." }) }),
});
export const create: Create<{ size: number }> = (config) => ({ log: () => void config.size.toFixed() });
`;
    const check = async (text: string): Promise<string> => {
      writeFileSync(join(project, "typed.ts"), text);
      const options = [
        "--noEmit",
        "--strict",
        "--ignoreConfig",
        "--module",
        "nodenext",
        "--target",
        "es2023",
        "typed.ts",
      ];
      return inProject("tsc", ...options).catch((error: unknown) => (error as { stdout?: string }).stdout ?? "failed");
    };
    expect(await check(good)).toBe("");
    expect(await check(good.replace('phases: ["log"]', 'phases: ["lag"]'))).toContain("typed.ts(4,");
    expect(await check(good.replace("config.size", "config.sise"))).toContain("sise");
  });
});
