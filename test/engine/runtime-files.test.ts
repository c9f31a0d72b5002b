import { readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { customPlugin } from "../harness/custom-plugin.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { startWorkerLab } from "../harness/worker-lab.ts";

/** Keeps the time of its first start in a file, and tells what it found there. */
const KEEPS = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  host.shared("kept", (worker) => {
    const folder = worker.files.stateFolder() ?? "";
    const path = folder + "/keeps.txt";
    const before = worker.files.read(path, 100);
    const problem = before === undefined ? worker.files.writeWhole(path, string.format("%d", worker.slot())) : undefined;
    worker.log.notice("kept " + folder + " " + (before ?? "nothing") + " " + (problem ?? "and all is well"));
    return { folder };
  });
  return { access() { return undefined; } };
};
`;

describeWithEngine("files of a worker", () => {
  test("are read up to a length, and written whole or not at all", async () => {
    const lab = await startWorkerLab({ files: { "some/old.txt": "0123456789", "some/empty.txt": "" } });
    const at = (name: string): string => luaLiteral(join(lab.prefix, "some", name));
    const read = (name: string, bytes = 100) => lab.run(`return worker.files.read(${at(name)}, ${String(bytes)})`);
    const write = (name: string, text: string) =>
      lab.run(`return worker.files.writeWhole(${at(name)}, ${luaLiteral(text)})`);
    expect(await read("old.txt")).toBe("0123456789");
    expect(await read("old.txt", 4)).toBe("0123");
    expect(await read("empty.txt")).toBe("");
    expect(await read("none.txt")).toBeUndefined();
    expect(await read(".")).toBeUndefined();
    expect(await write("new.txt", "a\u0000b\n")).toBeUndefined();
    expect(await read("new.txt")).toBe("a\u0000b\n");
    expect(await write("old.txt", "")).toBeUndefined();
    expect(await read("old.txt")).toBe("");
    expect(await write("none/new.txt", "text")).toMatch(/none\/new\.txt\.\d+\.new: No such file or directory$/);
    // A folder cannot be replaced by a file: what was written beside it goes.
    expect(await write("../some", "text")).toMatch(/Is a directory$/);
    expect(readdirSync(join(lab.prefix, "some")).sort()).toEqual(["empty.txt", "new.txt", "old.txt"]);
    expect(readdirSync(lab.prefix).filter((name) => name.startsWith("some"))).toEqual(["some"]);
  });

  test("that do not fit onto the disk are a problem, and the old ones stay", async () => {
    const lab = await startWorkerLab({ files: { "some/old.txt": "old" } });
    const path = join(lab.prefix, "some/old.txt");
    const [pid = 0] = await lab.workerPids();
    // What is written first leads to a device that is always full.
    symlinkSync("/dev/full", `${path}.${String(pid)}.new`);
    const problem = await lab.run(`return worker.files.writeWhole(${luaLiteral(path)}, "new")`);
    expect(problem).toMatch(/No space left on device$/);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(join(lab.prefix, "some"))).toEqual(["old.txt"]);
  });

  test("have no folder where the host names none", async () => {
    const lab = await startWorkerLab();
    expect(await lab.run("return worker.files.stateFolder()")).toBeUndefined();
  });
});

describeWithEngine("the folder for what outlives a restart", () => {
  test("is the workers' alone, also when root starts nginx; what is in it is there after a build and a reload", async () => {
    const config = {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: ["127.0.0.1:9"] } },
      routes: [{ name: "all", path: "/", upstream: "one", plugins: { keeps: {} } }],
    };
    const gateway = await gatewayForTest(config, { files: customPlugin("keeps", ["access"], KEEPS), workers: 1 });
    const folder = join(gateway.bundle, "temp/state");
    const told = (text: string) =>
      eventually(text, async () => (await gateway.errorLog()).includes(`kept ${folder} ${text}`));
    await told("nothing and all is well");
    const { mode, uid } = statSync(folder);
    expect(mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "keeps.txt")).uid).toBe(uid);
    expect(readFileSync(join(folder, "keeps.txt"), "utf8")).toBe("0");
    // Root's workers are somebody else, so that it is theirs proves that nginx gave it to them.
    if (process.getuid?.() === 0) expect(uid).not.toBe(0);
    await gateway.reload();
    await told("0 and all is well");
    expect(statSync(folder).uid).toBe(uid);
  });
});
