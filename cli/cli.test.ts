/** The published command line, as a process. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { buildLib, CLI, runCli, startCli, type CliResult } from "../test/harness/cli.ts";
import { startBackend } from "../test/harness/backend.ts";
import { eventually } from "../test/harness/eventually.ts";
import { freePort } from "../test/harness/free-port.ts";
import { send } from "../test/harness/http-request.ts";
import { describeWithEngine } from "../test/harness/native-engine.ts";
import { descendants, isAlive } from "../test/harness/processes.ts";
import { temporaryFiles } from "../test/harness/temporary-files.ts";

const EXAMPLES = join(import.meta.dirname, "../examples");
const COMMANDS = ["build", "check", "run", "list", "schema", "explain", "status", "top", "control", "completion"];

const GOOD = `listen:
  - address: 127.0.0.1
    port: \${PORT:-18080}
upstreams: { one: { targets: ["127.0.0.1:9001"] } }
routes: [{ name: all, upstream: one, plugins: { circuit-breaker: {} } }]
`;
const BAD = GOOD.replace("upstream: one", "upstream: oen").replace("{}", "{ failure_rate: 500 }");

beforeAll(buildLib, 180_000);

const cli = (cwd: string, ...args: string[]): Promise<CliResult> => runCli(args, { cwd });

interface Document {
  readonly ok: boolean;
  readonly problems?: readonly { readonly code: string; readonly line?: number; readonly file?: string }[];
  readonly [field: string]: unknown;
}
const json = (result: CliResult): Document => JSON.parse(result.stdout) as Document;

function ownPlugin(): string {
  const folder = temporaryFiles({});
  cpSync(join(EXAMPLES, "own-plugin"), folder, { recursive: true });
  return folder;
}

describe("exit codes", () => {
  test("0: done", async () => {
    const folder = temporaryFiles({ "gateway.yaml": GOOD });
    const built = await cli(folder, "build");
    expect([built.code, built.stderr]).toEqual([0, ""]);
    expect(built.stdout).toMatch(/^built openresty: dist\/openresty \(\d+ files, [\d.]+ s\)\n.*checked/);
    expect(readdirSync(join(folder, "dist"))).toEqual(["openresty"]);
  });

  test("1: something to mend, told with its place on stderr; nothing is written", async () => {
    const folder = temporaryFiles({ "gateway.yaml": BAD });
    const built = await cli(folder, "build");
    expect([built.code, built.stdout]).toEqual([1, ""]);
    expect(built.stderr).toMatch(/^error gateway\.yaml:5:\d+ E_\w+ routes\[0\]\.upstream: .*oen/);
    expect(readdirSync(folder)).toEqual(["gateway.yaml"]);
  });

  test.each([["build"], ["check"], ["run"]])("1: %s without a gateway.yaml", async (command) => {
    const result = await cli(temporaryFiles({}), command);
    expect([result.code, result.stdout]).toEqual([1, ""]);
    expect(result.stderr).toMatch(/^error gateway\.yaml E_FILE_NOT_FOUND /);
  });

  test.each([
    ["a folder in place of the file", ["build", "."]],
    ["an unknown target", ["build", "--target", "kongg"]],
    ["a folder of plugins that is not there", ["list", "--plugins", "nowhere"]],
    ["a bundle that is not there", ["explain", "--bundle", "nowhere"]],
    ["a file where the bundle should go", ["build", "--out", "gateway.yaml"]],
  ])("1: %s", async (_title, args) => {
    const result = await cli(temporaryFiles({ "gateway.yaml": GOOD }), ...args);
    expect([result.code, result.stdout]).toEqual([1, ""]);
    expect(result.stderr).toMatch(/^error .*\bE_[A-Z_]+ /);
  });

  test.each([
    ["an unknown command", ["buidl"], "Did you mean build?"],
    ["an unknown option", ["build", "--taget", "x"], "Did you mean --target?"],
    [
      "an engine that is none",
      ["build", "--engine", "apache"],
      "Allowed choices are auto, openresty, nginx, container",
    ],
    ["a list with a hole", ["build", "--target", "openresty,"], "give names with commas between"],
    ["too many arguments", ["check", "a.yaml", "b.yaml"], "too many arguments"],
    ["nothing at all", [], "Usage: autoscale-lua"],
  ])("2: %s", async (_title, args, told) => {
    const result = await cli(temporaryFiles({}), ...args);
    expect([result.code, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toContain(told);
  });

  test("70: a fault of ours, with its trace and where to report it", async () => {
    const broken = 'process.cwd = () => { throw new TypeError("made for this test"); };';
    const node = ["--import", `data:text/javascript,${encodeURIComponent(broken)}`];
    const result = await runCli(["build"], { cwd: temporaryFiles({ "gateway.yaml": GOOD }), node });
    expect([result.code, result.stdout]).toEqual([70, ""]);
    expect(result.stderr).toContain("TypeError: made for this test\n    at ");
    expect(result.stderr).toMatch(/Please report it .*https:\/\/\S+\/issues\n$/);
  });
});

describe("--json prints one document, and nothing for people", () => {
  test("build, check and list", async () => {
    const folder = temporaryFiles({ "gateway.yaml": GOOD });
    const check = await cli(folder, "check", "--json");
    expect([check.code, json(check)]).toEqual([0, { ok: true, routes: 1, upstreams: 1, warnings: [] }]);
    const build = await cli(folder, "--json", "build");
    expect(json(build)).toMatchObject({
      ok: true,
      bundles: [{ target: "openresty", folder: join(folder, "dist/openresty") }],
    });
    const list = json(await cli(folder, "list", "--json"));
    expect(list["ok"]).toBe(true);
    expect((list["targets"] as { name: string }[]).map(({ name }) => name)).toEqual([
      "apisix",
      "kong",
      "kubernetes",
      "openresty",
    ]);
    expect(list["plugins"]).toContainEqual(expect.objectContaining({ name: "circuit-breaker", origin: "stock" }));
    expect([check, build].map(({ stderr }) => stderr)).toEqual(["", ""]);
  });

  test.each(["build", "check", "run"])("%s that fails: every problem with its place", async (command) => {
    const result = await cli(temporaryFiles({ "gateway.yaml": BAD }), command, "--json");
    expect([result.code, result.stderr]).toEqual([1, ""]);
    expect(json(result)).toMatchObject({ ok: false, problems: [{ file: "gateway.yaml", line: 5 }] });
  });

  test.each([
    ["list", ["list", "--plugins", "nowhere"]],
    ["schema", ["schema", "--plugins", "nowhere"]],
    ["explain", ["explain", "--bundle", "nowhere"]],
  ])("%s that fails", async (_title, args) => {
    const result = await cli(temporaryFiles({}), ...args, "--json");
    expect([result.code, result.stderr]).toEqual([1, ""]);
    expect(json(result).problems?.[0]?.code).toMatch(/^E_/);
  });

  test("wrong usage too", async () => {
    const result = await cli(temporaryFiles({}), "--json", "buidl");
    expect(result.code).toBe(2);
    expect(json(result)).toMatchObject({ ok: false, problems: [{ code: "E_USAGE" }] });
  });
});

describe("help", () => {
  test.each([[["--help"]], ...COMMANDS.map((command) => [[command, "--help"]])])("%j", async (args) => {
    const result = await cli(temporaryFiles({}), ...args);
    expect([result.code, result.stderr]).toEqual([0, ""]);
    expect(result.stdout).toContain(`Usage: ${["autoscale-lua", ...args.slice(0, -1)].join(" ")} `);
    expect(result.stdout).toContain("--json");
  });

  test("names every command, and --version the version", async () => {
    const help = await cli(temporaryFiles({}), "--help");
    expect(COMMANDS.filter((command) => !help.stdout.includes(`\n  ${command} `))).toEqual([]);
    const { version } = JSON.parse(readFileSync(join(EXAMPLES, "../package.json"), "utf8")) as { version: string };
    expect((await cli(temporaryFiles({}), "--version")).stdout).toBe(`${version}\n`);
  });
});

describe("commands", () => {
  test("build twice gives the same bundle", async () => {
    const folder = temporaryFiles({ "gateway.yaml": GOOD });
    const manifest = (): string => readFileSync(join(folder, "dist/openresty/manifest.json"), "utf8");
    expect((await cli(folder, "build")).code).toBe(0);
    const first = manifest();
    expect((await cli(folder, "build")).code).toBe(0);
    expect(manifest()).toBe(first);
  });

  test("check writes nothing", async () => {
    const folder = temporaryFiles({ "gateway.yaml": GOOD, "tmp/.keep": "" });
    const result = await runCli(["check"], { cwd: folder, env: { TMPDIR: join(folder, "tmp") } });
    expect([result.code, result.stderr]).toEqual([0, ""]);
    expect(result.stdout).toContain("ok gateway.yaml: 1 routes, 1 upstreams\n");
    expect(readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()).toEqual([
      "gateway.yaml",
      "tmp",
      "tmp/.keep",
    ]);
  });

  test("list shows plugins and targets, those of one's own when asked", async () => {
    const folder = ownPlugin();
    expect((await cli(folder, "list")).stdout).toMatch(
      /^Plugins\n(?: {2}\S.*\n)* {2}circuit-breaker .*\n(?:.*\n)*Targets\n(?:.*\n)* {2}openresty /,
    );
    expect((await cli(folder, "list")).stdout).not.toContain("shed-when-busy");
    expect((await cli(folder, "list", "--plugins", "plugins")).stdout).toMatch(/shed-when-busy .*\(yours\)/);
  });

  test("schema is JSON with the fields of the plugins, those of one's own when asked", async () => {
    const folder = ownPlugin();
    const result = await cli(folder, "schema", "--plugins", "plugins");
    interface Plugins {
      readonly properties: Readonly<Record<string, { anyOf: readonly { properties?: object }[] }>>;
    }
    const schema = JSON.parse(result.stdout) as {
      properties: { plugins: Plugins; routes: { items: { properties: { plugins: Plugins } } } };
    };
    for (const place of [schema.properties.plugins, schema.properties.routes.items.properties.plugins]) {
      expect(Object.keys(place.properties["circuit-breaker"]?.anyOf[0]?.properties ?? {})).toContain("failure_rate");
      expect(Object.keys(place.properties["shed-when-busy"]?.anyOf[0]?.properties ?? {})).toEqual(["mode", "above"]);
    }
  });

  test("explain rewrites what comes on standard input", async () => {
    const folder = ownPlugin();
    expect((await cli(folder, "build")).code).toBe(0);
    const input = "one\nlua/autoscale/plugins/shed-when-busy/plugin.lua:2: bad\n";
    const result = await runCli(["explain"], { cwd: folder, input });
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^one\n.*plugins\/shed-when-busy\/plugin\.ts:\d+.*bad\n$/);
    writeFileSync(join(folder, "error.log"), input);
    expect((await cli(folder, "explain", "error.log", "--bundle", "dist/openresty")).stdout).toBe(result.stdout);
    expect((await cli(folder, "explain", "no.log")).code).toBe(1);
  });

  test("a reader that leaves early is no fault", () => {
    const folder = temporaryFiles({});
    const script = 'set -o pipefail; "$0" "$1" list | head -c 1; "$0" "$1" schema | head -c 1';
    expect(execFileSync("bash", ["-c", script, process.execPath, CLI], { cwd: folder, encoding: "utf8" })).toBe("P{");
  });
});

test("only what was checked is said to be", async () => {
  const folder = temporaryFiles({ "gateway.yaml": GOOD });
  const apart = await runCli(["build", "--target", "kong,apisix"], { cwd: folder });
  expect([apart.code, apart.stdout]).toEqual([0, expect.not.stringContaining("nginx.conf") as string]);
  expect((await runCli(["build"], { cwd: folder })).stdout).toContain("nginx.conf");
});

describe("colors", () => {
  const ESCAPE = "\u001b[";
  const outputs = async (env: Record<string, string>): Promise<string> => {
    const good = await runCli(["build"], { cwd: temporaryFiles({ "gateway.yaml": GOOD }), env });
    const bad = await runCli(["build"], { cwd: temporaryFiles({ "gateway.yaml": BAD }), env });
    return good.stdout + bad.stderr;
  };

  test("none where no terminal shows them, nor with NO_COLOR", async () => {
    expect(await outputs({})).not.toContain(ESCAPE);
    expect(await outputs({ NO_COLOR: "1" })).not.toContain(ESCAPE);
    expect(await outputs({ CI: "true" })).not.toContain(ESCAPE);
  });

  test("some when forced, so that the test above can fail", async () => {
    expect(await outputs({ FORCE_COLOR: "1" })).toContain(ESCAPE);
  });
});

describe("TypeScript", () => {
  /** Every script that V8 saw in a run, by the URLs of its coverage report. */
  async function scriptsOf(folder: string): Promise<string[]> {
    const coverage = join(folder, "coverage");
    mkdirSync(coverage);
    const begun = performance.now();
    const result = await runCli(["build"], { cwd: folder, env: { NODE_V8_COVERAGE: coverage } });
    expect([result.code, result.stderr]).toEqual([0, ""]);
    console.log(`build in ${((performance.now() - begun) / 1000).toFixed(2)} s, V8's coverage included`);
    return readdirSync(coverage).flatMap((name) => {
      const report = JSON.parse(readFileSync(join(coverage, name), "utf8")) as { result: { url: string }[] };
      return report.result.map(({ url }) => url);
    });
  }
  const compilers = (scripts: readonly string[]): string[] => {
    return scripts.filter((url) => /\/node_modules\/(typescript|typescript-to-lua|jiti)\//.test(url));
  };

  test("is not loaded by a build with stock plugins alone", async () => {
    const folder = temporaryFiles({});
    cpSync(join(EXAMPLES, "quickstart"), folder, { recursive: true });
    const scripts = await scriptsOf(folder);
    expect(scripts.some((url) => url.endsWith("/lib/cli/main.js"))).toBe(true);
    expect(compilers(scripts)).toEqual([]);
  });

  test("is loaded for a plugin of one's own, so that the test above can fail", async () => {
    expect(compilers(await scriptsOf(ownPlugin())).length).toBeGreaterThan(0);
  });
});

describeWithEngine("run", () => {
  test("serves until it is told to stop, then exits with 0 and leaves no process", async () => {
    const backend = await startBackend();
    const port = await freePort();
    const text = GOOD.replace("127.0.0.1:9001", backend.target);
    const child = startCli(["run"], { cwd: temporaryFiles({ "gateway.yaml": text }), env: { PORT: String(port) } });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
    await eventually("it says that it serves", () => out.includes("Ctrl-C stops it."));
    expect(out).toContain(`\n  gateway  http://127.0.0.1:${String(port)}\n`);
    expect((await send(`http://127.0.0.1:${String(port)}/`)).status).toBe(200);
    const family = descendants(child.pid ?? 0);
    expect(family.length).toBeGreaterThan(2);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(child.exitCode).toBe(0);
    expect(family.filter(isAlive)).toEqual([]);
    await expect(send(`http://127.0.0.1:${String(port)}/`)).rejects.toThrow("ECONNREFUSED");
    await backend.stop();
  });

  test("a port that is taken is an error to mend, with nginx's own words", async () => {
    const backend = await startBackend();
    const folder = temporaryFiles({ "gateway.yaml": GOOD });
    const result = await runCli(["run"], { cwd: folder, env: { PORT: String(backend.port) } });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("Address already in use");
    await backend.stop();
  });
});
