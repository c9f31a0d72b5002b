/** `autoscale-lua top` on a real terminal, with a fake gateway. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startAdminFake, type AdminFake } from "../test/harness/admin-fake.ts";
import { buildLib, CLI, runCli } from "../test/harness/cli.ts";
import { eventually } from "../test/harness/eventually.ts";
import { isAlive } from "../test/harness/processes.ts";
import { hasPty, startPty, type Pty, type PtyOptions } from "../test/harness/pty.ts";
import { screenFake } from "../test/harness/screen-fake.ts";
import { temporaryFiles } from "../test/harness/temporary-files.ts";

const CLEAR = "\u001b[2J";
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";

beforeAll(buildLib, 180_000);

async function start(
  options: Partial<PtyOptions> = {},
  before = "",
): Promise<{ fake: AdminFake; pty: Pty; folder: string }> {
  const fake = await startAdminFake();
  onTestFinished(() => fake.stop());
  const folder = temporaryFiles({});
  const modes = "stty -a | tr ' ' '\\n' | grep -x -e -*icanon -e -*echo";
  const command = `${before} node ${CLI} top --interval 0.2 --admin ${fake.url}; echo "code=$?"; ${modes}`;
  return { fake, folder, pty: startPty(command, { cwd: folder, ...options }) };
}

describe.skipIf(!hasPty)(hasPty ? "top" : "top (no script of util-linux here)", () => {
  test("draws once, then only what changes, and gives the terminal back on q", async () => {
    const { fake, pty } = await start();
    await pty.until(/sorted by req\/s/);
    const users = (fake.status["routes"] as Record<string, Record<string, unknown>>)["users"]!;
    users["rps"] = 77.7;
    const second = await pty.until(/77\.7/);
    expect(second).not.toContain(CLEAR);
    expect(second).not.toContain("Autoscale Lua");
    pty.type("q");
    expect(await pty.exitCode).toBe(0);
    const all = pty.output();
    expect(all.startsWith(ENTER)).toBe(true);
    expect(all.split(CLEAR)).toHaveLength(2);
    expect(all.split(LEAVE)[1]).toBe("code=0\r\nicanon\r\necho\r\n");
  });

  test("what is on the screen is the status, within its size", async () => {
    const { pty } = await start({ columns: 100, rows: 12 });
    await pty.until(/lines 1 to 7/);
    pty.type("jj");
    await pty.until(/lines 3 to 9/);
    pty.type("G");
    await pty.until(/lines \d+ to (\d+) of \1/);
    const screen = screenFake(100, 12);
    screen.write(pty.output().slice(ENTER.length));
    const rows = screen.rows();
    expect(rows[0]).toMatch(/^Autoscale Lua 0\.1\.0 · up 2h 5m/);
    expect(rows[11]).toMatch(/^q quit {2}s sorted by req\/s {2}p pause {2}\? help {4}lines/);
    expect(rows[10]).toContain("too many failures");
    pty.type("q");
    expect(await pty.exitCode).toBe(0);
  });

  test("keys: sort, help, pause", async () => {
    const { fake, pty } = await start();
    await pty.until(/sorted by req\/s/);
    pty.type("s");
    await pty.until(/▼errors[^]*sorted by errors/);
    pty.type("?");
    await pty.until(/Any key goes back/);
    pty.type("x");
    await pty.until(/sorted by errors/);
    pty.type("p");
    await pty.until(/paused at[^]*go on/);
    fake.status["version"] = "9.9.9";
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(pty.output()).not.toContain("9.9.9");
    pty.type("p");
    await pty.until(/9\.9\.9/);
    pty.type("\u0003");
    expect(await pty.exitCode).toBe(0);
    expect(pty.output()).toContain(`${LEAVE}code=0`);
  });

  test("a lost connection is shown until it is back", async () => {
    const { fake, pty } = await start();
    await pty.until(/sorted by/);
    await fake.stop();
    await pty.until(/No answer for \d+s, trying again: found no gateway at/);
    await fake.resume();
    await pty.until(/sorted by|Routes/);
    const screen = screenFake(120, 40);
    await eventually("the banner is gone", () => {
      screen.write(pty.output().slice(ENTER.length));
      return !screen.rows().some((row) => row.includes("No answer"));
    });
    pty.type("q");
    expect(await pty.exitCode).toBe(0);
  });

  test.each(["TERM", "HUP", "INT"])("SIG%s gives the terminal back", async (signal) => {
    const { pty, folder } = await start({}, `sh -c 'echo $$ > pid; exec "$@"' sh`);
    await pty.until(/sorted by/);
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), `SIG${signal}`);
    expect(await pty.exitCode).toBe(0);
    expect(pty.output()).toContain(`${LEAVE}code=0\r\nicanon\r\necho`);
  });

  test("a fault of ours gives the terminal back too, and shows its trace there", async () => {
    const broken = `Object.defineProperty(process.stdout, "columns", { get() { throw new TypeError("made for this test"); } })`;
    const later = `if (process.stdout.isTTY) setTimeout(() => { ${broken}; }, 1500);`;
    const hook = `data:text/javascript,${encodeURIComponent(later)}`;
    const { pty } = await start({ env: { NODE_OPTIONS: `--import ${hook}` } });
    await pty.until(/sorted by/);
    expect(await pty.exitCode).toBe(0);
    const [, after = ""] = pty.output().split(LEAVE);
    expect(after).toContain("TypeError: made for this test");
    expect(after).toContain("code=70\r\nicanon\r\necho");
  });

  test("it ends when its terminal goes away", async () => {
    const { pty, folder } = await start({}, `sh -c 'echo $$ > pid; exec "$@"' sh`);
    await pty.until(/sorted by/);
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    expect(isAlive(pid)).toBe(true);
    pty.hangUp();
    await eventually("it has ended", () => !isAlive(pid));
  });

  test("another size is taken up", async () => {
    const { pty } = await start({ columns: 100, rows: 30 }, "(sleep 2; stty cols 70 rows 11 < /dev/tty) &");
    await pty.until(/sorted by/);
    const resized = await pty.until(/lines 1 to \d+ of/);
    expect(resized).toContain(CLEAR);
    pty.type("q");
    expect(await pty.exitCode).toBe(0);
  });

  test("Ctrl-Z and fg", async () => {
    const fake = await startAdminFake();
    onTestFinished(() => fake.stop());
    const top = `node ${CLI} top --interval 0.2 --admin ${fake.url}`;
    const script = `set -m; ${top}; echo "stopped=$?"; fg > /dev/null; echo "code=$?"`;
    const pty = startPty(`bash --norc --noprofile -i -c '${script}'`, { cwd: temporaryFiles({}) });
    await pty.until(/sorted by/);
    pty.type("\u001a");
    await pty.until(/stopped=148[^]*sorted by/);
    const [, suspended = "", again = ""] = pty.output().split(ENTER);
    expect(suspended).toContain(LEAVE);
    expect(again).toContain(CLEAR);
    pty.type("q");
    await pty.until(/code=0/);
    expect(await pty.exitCode).toBe(0);
  });

  test("no gateway there: an error before the screen is taken", async () => {
    const pty = startPty(`node ${CLI} top --admin http://127.0.0.1:1`, { cwd: temporaryFiles({}) });
    expect(await pty.exitCode).toBe(1);
    expect(pty.output()).not.toContain("1049");
    expect(pty.output()).toContain("E_ADMIN_UNREACHABLE");
  });
});

test("without a terminal it says what to use instead", async () => {
  const result = await runCli(["top"], { cwd: temporaryFiles({}) });
  expect([result.code, result.stdout]).toEqual([1, ""]);
  expect(result.stderr).toMatch(/E_NO_TERMINAL .*\n.*autoscale-lua status --json/);
});
