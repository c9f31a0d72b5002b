/** `status`, `top` and `control` with a real gateway: the one of docs/operating.md, and every line that it shows. */
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { gatewayListings } from "../architecture/listings.ts";
import { read } from "../architecture/repository.ts";
import { startBackend, type Backend } from "../harness/backend.ts";
import { buildLib, CLI, runCli, type CliResult } from "../harness/cli.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { ADMIN_TOKEN, startGateway, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { hasPty, startPty } from "../harness/pty.ts";

const GUIDE = "docs/operating.md";
/** The peers that the guide names, which no request of these tests is sent to. */
const PEER = "10.0.0.1:8080";

/** A limit that nothing but these tests lowers: the machine may be busy. */
const LIMIT = { limit: 100_000, adapt: { error_rate: 100 } };

/** Of its gateway.yaml, what is changed here. */
interface Guide {
  readonly listen: unknown;
  readonly admin: object;
  readonly upstreams: object;
  readonly routes: readonly object[];
}

interface Shown {
  readonly breakers: Readonly<
    Record<string, { readonly state: string; readonly reason: string; readonly until: number }>
  >;
  readonly upstreams: Readonly<Record<string, { readonly peers: Readonly<Record<string, Record<string, unknown>>> }>>;
}

describeWithEngine("the command line and a gateway", () => {
  let gateway: Gateway;
  let backend: Backend;

  beforeAll(async () => {
    await buildLib();
    backend = await startBackend();
    const listing = gatewayListings(read(GUIDE)).find(({ text }) => text.includes("events:"));
    const { listen: _listen, ...written } = parse(listing?.text ?? "") as Guide;
    const real = {
      name: "real",
      path: "/real",
      upstream: "real",
      plugins: { "circuit-breaker": {}, "adaptive-rate-limit": LIMIT },
    };
    gateway = await startGateway(
      {
        ...written,
        admin: { ...written.admin, port: await freePort(), token: ADMIN_TOKEN },
        upstreams: { ...written.upstreams, real: { targets: [backend.target] } },
        routes: [...written.routes, real],
      },
      { workers: 2 },
    );
    const bin = join(gateway.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "autoscale-lua"), `#!/bin/sh\nexec node ${CLI} "$@"\n`);
    chmodSync(join(bin, "autoscale-lua"), 0o755);
    mkdirSync(join(gateway.folder, "home/.config/fish/completions"), { recursive: true });
    cpSync(join(gateway.folder, "gateway.yaml"), join(gateway.folder, "staging/gateway.yaml"));
  }, 180_000);

  afterAll(async () => {
    await gateway.stop();
    await backend.stop();
  });

  const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: gateway.folder });
  const shown = async (): Promise<Shown> => JSON.parse((await cli("status", "--json")).stdout) as Shown;

  test("status tells what passed through, and by which route", async () => {
    for (let times = 0; times < 40; times++) await send(`${gateway.url}/real`);
    const row = await eventually("the rates are known", async () => {
      return /^real .*$/m.exec((await cli("status")).stdout)?.[0].match(/.*\bms\b.*/)?.[0];
    });
    expect(row).toMatch(
      /^real +\/real +\d+\.\d +0% +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +0 +real +circuit-breaker adaptive-rate-limit endpoint-metrics$/,
    );
  });

  test("a breaker that is forced open turns requests away, until it is given back", async () => {
    const opened = await cli("control", "breaker", "route:real", "open", "--for", "2m", "--reason", "a test");
    expect([opened.code, opened.stderr]).toEqual([0, ""]);
    expect(opened.stdout).toMatch(
      /^breaker route:real is forced open \(until \d\d:\d\d:\d\d, (2m|1m \d\ds) from now: a test\)\n$/,
    );
    expect((await send(`${gateway.url}/real`)).status).toBe(503);
    expect((await cli("status")).stdout).toMatch(
      /\nroute:real +forced open .* a test\n[^]*closed → forced open +a test\n/,
    );
    const given = await cli("control", "breaker", "route:real", "auto");
    expect(given.stdout).toMatch(/^breaker route:real is closed\b.*\n$/);
    expect((await send(`${gateway.url}/real`)).status).toBe(200);
  });

  test("a limit's factor, and that it is 1 again", async () => {
    const cut = await cli("control", "limit", "real", "0.5", "--for", "2m", "--reason", "a test");
    expect([cut.code, cut.stderr]).toEqual([0, ""]);
    expect(cut.stdout).toMatch(
      /^limit of real is 0\.5 times the configured \(until \d\d:\d\d:\d\d, (2m|1m \d\ds) from now: a test\)\n$/,
    );
    expect((await cli("status")).stdout).toMatch(/\nLimits +limit +factor.*\nreal +100000 +0\.5 .*a test\n/);
    const given = await cli("control", "limit", "real", "1");
    expect(given.stdout).toBe("limit of real is 1 times the configured\n");
  });

  test("a peer drains until it is told to be up again", async () => {
    const drained = await cli("control", "peer", "users", PEER, "drain", "--reason", "a test");
    expect(drained.stdout).toMatch(
      /^peer 10\.0\.0\.1:8080 of users is draining \(until .*, (5m|4m 59s).* from now: a test\)\n$/,
    );
    expect((await shown()).upstreams["users"]?.peers[PEER]).toMatchObject({ state: "drain" });
    const up = await cli("control", "peer", "users", PEER, "up", "--weight", "7");
    expect(up.stdout).toMatch(/ is up with weight 7 /);
    expect((await shown()).upstreams["users"]?.peers[PEER]).toMatchObject({ state: "up", weight: 7 });
  });

  test.each([
    [["control", "peer", "real", "127.0.0.1:1", "down"], /found no peer|E_PEERS_FIXED/],
    [["control", "breaker", "route:user", "open"], /Did you mean route:users\?/],
    [["control", "limit", "nobody", "0.5"], /There are real, users\./],
    [["control", "limit", "real", "2"], /E_ADMIN_VALUE: factor must be a number above 0, at most 1/],
    [["control", "breaker", "route:users", "open", "--for", "2d"], /E_ADMIN_VALUE: ttl_seconds .*86400/],
  ])("%j is refused, and the answer says why", async (args, told) => {
    const { code, stdout, stderr } = await cli(...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error E_ADMIN_REFUSED /);
    expect(stderr).toMatch(told);
  });

  test("an alert that a rule is for, when it fires and when it is resolved", async () => {
    const post = (status: string): Promise<CliResult> => {
      const input = JSON.stringify({ alerts: [{ status, labels: { alertname: "UsersBackendDown" } }] });
      return runCli(["control", "event", "-"], { cwd: gateway.folder, input });
    };
    const fired = await post("firing");
    expect(fired.stdout).toMatch(/^alert UsersBackendDown firing\n {2}breakers\/route:users .*state=open/);
    expect((await shown()).breakers["route:users"]?.state).toBe("forced_open");
    await post("resolved");
    expect((await shown()).breakers["route:users"]?.state).toBe("closed");
  });

  test("Tab knows its names", async () => {
    const { stdout } = await cli("complete", "--", "control", "peer", "users", "");
    expect(stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(["10.0.0.1:8080", "10.0.0.2:8080", ""]);
  });

  test.skipIf(!hasPty)(hasPty ? "top shows it" : "top shows it (no script of util-linux here)", async () => {
    const pty = startPty(`node ${CLI} top --interval 0.3`, { cwd: gateway.folder });
    await pty.until(/route:real[^]*sorted by/);
    await cli("control", "breaker", "route:real", "open", "--for", "5s");
    await pty.until(/forced open/);
    pty.type("q");
    expect(await pty.exitCode).toBe(0);
  });

  const lines = [...read(GUIDE).matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block = ""]) => block.trim().split("\n"))
    .map((line) => line.replace(/\s+# .*$/, ""))
    // `top` has its own tests; the line for zsh works in zsh alone.
    .filter((line) => !/autoscale-lua top|completion zsh/.test(line));

  test("the guide shows lines to run", () => {
    expect(lines.length).toBeGreaterThan(10);
  });

  test.each(lines)(`${GUIDE}: %s`, async (line) => {
    const env = {
      PATH: `${join(gateway.folder, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: join(gateway.folder, "home"),
    };
    const here = line.replace("http://127.0.0.1:9180", gateway.adminUrl);
    const run = promisify(execFile)("bash", ["-c", `set -o pipefail; ${here}`], { cwd: gateway.folder, env });
    expect(await run).toMatchObject({ stderr: "" });
  });
});
