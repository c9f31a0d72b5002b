/** `status` and `control` as processes, with a fake gateway. */
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { FAKE_TOKEN, startAdminFake, type AdminFake } from "../test/harness/admin-fake.ts";
import { buildLib, runCli, type CliResult } from "../test/harness/cli.ts";
import { freePort } from "../test/harness/free-port.ts";
import { temporaryFiles } from "../test/harness/temporary-files.ts";

beforeAll(buildLib, 180_000);

let fake: AdminFake;
beforeEach(async () => {
  fake = await startAdminFake();
  onTestFinished(() => fake.stop());
});

const gatewayYaml = (port: number): string => `admin: { port: ${String(port)}, token: "${FAKE_TOKEN}" }
upstreams: { users: { targets: ["10.0.0.1:8080"] } }
routes: [{ name: users, path: /users, upstream: users }]
`;

interface Options {
  readonly env?: Record<string, string>;
  readonly input?: string;
}

/** In a folder whose gateway.yaml names the fake. */
function cli(args: readonly string[], { env = {}, input = "" }: Options = {}): Promise<CliResult> {
  const cwd = temporaryFiles({ "gateway.yaml": gatewayYaml(fake.port), "event.json": EVENT, token: FAKE_TOKEN });
  return runCli(args, { cwd, env, input });
}

const EVENT = JSON.stringify({ alerts: [{ status: "firing", labels: { alertname: "HighLoad" } }] });

describe("status", () => {
  test("shows all there is, without colors and uncut where it is piped away", async () => {
    const { code, stdout, stderr } = await cli(["status"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^Autoscale Lua 0\.1\.0 · .*\n\nRoutes +matches .*plugins\norders .*\nusers .*endpoint-metrics\n\nUpstreams/,
    );
    expect(stdout).toMatch(/\nDecisions +by +of +change +reason\n\d\d:\d\d:\d\d .*too many failures\n$/);
  });

  test("--json is what the gateway says, in one document", async () => {
    const { code, stdout, stderr } = await cli(["status", "--json"]);
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, "", fake.status]);
  });

  test("--admin goes before AUTOSCALE_ADMIN, and that before gateway.yaml", async () => {
    const nobody = `http://127.0.0.1:${String(await freePort())}`;
    const env = { AUTOSCALE_ADMIN: nobody };
    const lost = await cli(["status"], { env });
    expect([lost.code, lost.stdout]).toEqual([1, ""]);
    expect(lost.stderr).toBe(
      `error E_ADMIN_UNREACHABLE found no gateway at ${nobody}: connect ECONNREFUSED ${nobody.slice(7)}\n` +
        "  Is it running, and is `admin` set in its gateway.yaml? Name the address with --admin.\n",
    );
    expect((await cli(["status", "--admin", fake.url], { env })).code).toBe(0);
  });

  test("--timeout ends a wait; --json tells it as JSON", async () => {
    fake.override = () => undefined;
    const { code, stdout } = await cli(["status", "--timeout", "0.2", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ code: "E_ADMIN_UNREACHABLE" }] });
  });

  test("it waits for nothing once it has the answer", async () => {
    const begun = performance.now();
    await cli(["status"]);
    // Connections that are kept for later requests live four seconds.
    expect(performance.now() - begun).toBeLessThan(3500);
  });
});

describe("control", () => {
  const sent = () => fake.changes.map(({ path, body }) => [path, body]);

  test("breaker", async () => {
    const { code, stdout, stderr } = await cli([
      "control",
      "breaker",
      "route:users",
      "open",
      "--for",
      "5m",
      "--reason",
      "deploy",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^breaker route:users is forced open \(until \d\d:\d\d:\d\d, (5m|4m 59s) from now: deploy\)\n$/,
    );
    expect(sent()).toEqual([["/breakers/route:users", { state: "open", ttl_seconds: 300, reason: "deploy" }]]);
  });

  test("peer", async () => {
    const { stdout } = await cli(["control", "peer", "users", "10.0.0.1:8080", "up", "--weight", "5", "--for", "2h"]);
    expect(stdout).toMatch(/^peer 10\.0\.0\.1:8080 of users is up with weight 5 \(until .* from now: by hand\)\n$/);
    expect(sent()).toEqual([["/upstreams/users/peers/10.0.0.1:8080", { state: "up", weight: 5, ttl_seconds: 7200 }]]);
  });

  test("peer, put back while health keeps it out: what it is now is told, and until when", async () => {
    const { code, stdout } = await cli(["control", "peer", "users", "10.0.0.3:8080", "up"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^peer 10\.0\.0\.3:8080 of users is ejected \(until \d\d:\d\d:\d\d, \d+s from now: 5 failed requests in a row\)\n$/,
    );
    const sick = await cli(["control", "peer", "users", "10.0.0.4:8080", "up"]);
    expect(sick.stdout).toBe("peer 10.0.0.4:8080 of users is unhealthy (a probe failed: timeout)\n");
  });

  test("peer, with a state that only health gives", async () => {
    const { code, stderr } = await cli(["control", "peer", "users", "10.0.0.1:8080", "ejected"]);
    expect([code, sent()]).toEqual([2, []]);
    expect(stderr).toContain("Allowed choices are up, drain, down");
  });

  test("limit", async () => {
    const { stdout } = await cli(["control", "limit", "users", "0.25"]);
    expect(stdout).toMatch(/^limit of users is 0\.25 times the configured \(until .* from now: by hand\)\n$/);
    expect(sent()).toEqual([["/limits/users", { factor: 0.25 }]]);
  });

  test("event, from a file and from standard input", async () => {
    expect((await cli(["control", "event", "event.json"])).stdout).toBe("alert HighLoad firing (no rule is for it)\n");
    expect((await cli(["control", "event", "-"], { input: EVENT })).stdout).toBe(
      "alert HighLoad firing (no rule is for it)\n",
    );
    expect(sent()).toEqual([
      ["/events", JSON.parse(EVENT)],
      ["/events", JSON.parse(EVENT)],
    ]);
    const empty = await cli(["control", "event", "-"]);
    expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining("E_EVENT_FORMAT")]);
  });

  test("event: what was done is shown, and what could not be done is an error", async () => {
    const set = { state: "open", ttl_seconds: 60 };
    const done = { rule: 0, target: "breakers/route:users", set, ok: true };
    const failed = { rule: 1, target: "limits/none", set: { factor: 0.5 }, ok: false, message: "there is none" };
    fake.eventAnswer = { alerts: [{ alertname: "HighLoad", status: "firing", actions: [done] }] };
    const good = await cli(["control", "event", "event.json"]);
    expect([good.code, good.stdout]).toEqual([
      0,
      "alert HighLoad firing\n  breakers/route:users state=open ttl_seconds=60\n",
    ]);
    fake.eventAnswer = { alerts: [{ alertname: "HighLoad", status: "firing", actions: [failed] }] };
    const bad = await cli(["control", "event", "event.json"]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toBe(
      "error E_EVENT_FAILED limits/none: there is none\n  See admin.events[1] of gateway.yaml.\n",
    );
  });

  test("--json is the gateway's answer", async () => {
    const { stdout } = await cli(["control", "limit", "users", "0.25", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ factor: 0.25, limit: 100 });
  });

  test("the token: from gateway.yaml, a file or the environment; none is told", async () => {
    const args = ["control", "limit", "users", "1", "--admin", fake.url];
    expect((await cli(["control", "limit", "users", "1"])).code).toBe(0);
    expect((await cli([...args, "--token-file", "token"])).code).toBe(0);
    expect((await cli(args, { env: { AUTOSCALE_ADMIN_TOKEN: FAKE_TOKEN } })).code).toBe(0);
    const none = await cli(args);
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/^error E_ADMIN_TOKEN .*\n.*--token-file/)]);
    const wrong = await cli(args, { env: { AUTOSCALE_ADMIN_TOKEN: "wrong" } });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("does not take this token")]);
  });

  test.each([
    [["breaker", "route:usres", "open"], "Did you mean route:users?"],
    [["peer", "users", "10.0.0.1:808", "up"], "Did you mean 10.0.0.1:8080?"],
    [["peer", "user", "10.0.0.1:8080", "up"], "Did you mean users?"],
    [["limit", "nothing-like-it", "1"], "There are users."],
  ])("an unknown name: %j", async (args, told) => {
    const { code, stdout, stderr } = await cli(["control", ...args]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error E_ADMIN_REFUSED found no /);
    expect(stderr).toContain(told);
  });

  test.each([
    [[], "Usage: autoscale-lua control"],
    [["braker"], "Did you mean breaker?"],
    [["breaker", "x"], "missing required argument 'state'"],
    [["breaker", "x", "ajar"], "Allowed choices are open, closed, auto"],
    [["breaker", "x", "open", "--for", "300"], "give a number above 0 and a unit"],
    [["limit", "x", "half"], "give a number from 0"],
    [["limit", "x", "1", "--timeout", "0"], "seconds above 0"],
    [["peer", "x", "y", "up", "--weigth", "1"], "Did you mean --weight?"],
  ])("wrong usage: %j", async (args, told) => {
    const { code, stdout, stderr } = await cli(["control", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(told);
    expect(fake.changes).toEqual([]);
  });

  test.each([["breaker"], ["peer"], ["limit"], ["event"]])("%s --help", async (thing) => {
    const { code, stdout } = await cli(["control", thing, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: autoscale-lua control ${thing} `);
    expect(stdout).toContain("--token-file");
  });
});

test("gateway.yaml may lie elsewhere", async () => {
  const elsewhere = temporaryFiles({ "gateway.yaml": gatewayYaml(fake.port) });
  const args = ["control", "limit", "users", "1", "--file", join(elsewhere, "gateway.yaml")];
  expect((await runCli(args, { cwd: temporaryFiles({}) })).code).toBe(0);
});
