import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { AutoscaleError } from "../errors.ts";
import { manifestText, packBundle } from "./pack.ts";
import type { Bundle } from "./pipeline.ts";
import { writing } from "./write-errors.ts";

const accept = (): Promise<void> => Promise.resolve();

function bundle(text: string, more: Readonly<Record<string, string>> = {}): Bundle {
  const files = new Map(
    Object.entries({ "conf/nginx.conf": text, "lua/autoscale/gateway.lua": "return {}\n", ...more }),
  );
  const runtimeFolders = ["logs", "temp"];
  return { target: "openresty", files, facts: { routes: [] }, runtimeFolders, manifestFile: "manifest.json" };
}

/** Every file below a folder, by path. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = entries.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

async function problemOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AutoscaleError);
  return (error as AutoscaleError).problems[0];
}

test("writes every file, the manifest and the folders nginx writes to", async () => {
  const out = temporaryFiles({});
  expect(await packBundle(bundle("a"), "1.2.3", out, accept)).toBe(join(out, "openresty"));
  expect(Object.keys(contents(join(out, "openresty")))).toEqual([
    "conf/nginx.conf",
    "lua/autoscale/gateway.lua",
    "manifest.json",
  ]);
  expect(readdirSync(join(out, "openresty")).sort()).toEqual(["conf", "logs", "lua", "manifest.json", "temp"]);
  expect(JSON.parse(contents(out)["openresty/manifest.json"] ?? "")).toEqual({
    format: 1,
    version: "1.2.3",
    target: "openresty",
    routes: [],
    files: {
      // SHA-256 of "a", as sha256sum prints it.
      "conf/nginx.conf": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
      "lua/autoscale/gateway.lua": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    },
  });
});

test("a manifest that lies deeper is found again by the next build", async () => {
  const out = temporaryFiles({});
  const deeper = (text: string): Bundle => ({ ...bundle(text), manifestFile: "bundle/manifest.json" });
  await packBundle(deeper("old"), "1", out, accept);
  const place = await packBundle(deeper("new"), "1", out, accept);
  expect(readFileSync(join(place, "conf/nginx.conf"), "utf8")).toBe("new");
  expect(readdirSync(place)).not.toContain("manifest.json");
  await expect(packBundle(bundle("other"), "1", out, accept)).rejects.toThrow("E_OUT_NOT_A_BUNDLE");
});

test("the manifest does not depend on the order of the files", () => {
  const files = [...bundle("a").files];
  expect(manifestText({ ...bundle("a"), files: new Map(files.reverse()) }, "1")).toBe(manifestText(bundle("a"), "1"));
});

describe("a new build", () => {
  test("that is refused leaves the old bundle byte by byte, and nothing beside it", async () => {
    const out = temporaryFiles({});
    const place = await packBundle(bundle("old"), "1", out, accept);
    writeFileSync(join(place, "logs/error.log"), "said\n");
    const before = contents(out);
    const refused = packBundle(bundle("new"), "1", out, (staged) => {
      expect(readFileSync(join(staged, "conf/nginx.conf"), "utf8")).toBe("new");
      writeFileSync(join(staged, "logs/error.log"), "of the check\n");
      return Promise.reject(new Error("refused"));
    });
    await expect(refused).rejects.toThrow("refused");
    expect(contents(out)).toEqual(before);
    expect(readdirSync(out)).toEqual(["openresty"]);
  });

  test("replaces the old files and keeps what nginx wrote, but not what the check wrote", async () => {
    const out = temporaryFiles({});
    const place = await packBundle(bundle("old", { "conf/gone.conf": "x" }), "1", out, accept);
    writeFileSync(join(place, "logs/access.log"), "line\n");
    mkdirSync(join(place, "temp/proxy"));
    await packBundle(bundle("new"), "1", out, (staged) => {
      writeFileSync(join(staged, "logs/error.log"), "of the check\n");
      return Promise.resolve();
    });
    expect(Object.keys(contents(place))).toEqual([
      "conf/nginx.conf",
      "logs/access.log",
      "lua/autoscale/gateway.lua",
      "manifest.json",
    ]);
    expect(contents(place)["conf/nginx.conf"]).toBe("new");
    expect(existsSync(join(place, "temp/proxy"))).toBe(true);
    expect(readdirSync(out)).toEqual(["openresty"]);
  });

  test("many at once: one of them is there as a whole, the log is kept, nothing is left beside it", async () => {
    const out = temporaryFiles({});
    const place = await packBundle(bundle("old"), "1", out, accept);
    writeFileSync(join(place, "logs/access.log"), "line\n");
    const texts = Array.from({ length: 12 }, (_, index) => `new ${String(index)}`);
    await Promise.all(texts.map((text) => packBundle(bundle(text, { "conf/copy": text }), "1", out, accept)));
    const { "manifest.json": manifest, "logs/access.log": log, ...files } = contents(place);
    expect(texts).toContain(files["conf/nginx.conf"]);
    expect(files["conf/copy"]).toBe(files["conf/nginx.conf"]);
    expect(manifest).toBe(
      manifestText(bundle(files["conf/nginx.conf"] ?? "", { "conf/copy": files["conf/copy"] ?? "" }), "1"),
    );
    expect(log).toBe("line\n");
    expect(readdirSync(out)).toEqual(["openresty"]);
  });
});

describe("a place that is not ours", () => {
  test.each([
    ["a folder with other files", { "openresty/notes.txt": "mine" }],
    ["a manifest.json of something else", { "openresty/manifest.json": '{"name":"My app"}' }],
    ["a manifest.json that is no JSON", { "openresty/manifest.json": "mine" }],
  ])("%s is refused and left alone", async (_title, files) => {
    const out = temporaryFiles(files);
    expect(await problemOf(packBundle(bundle("a"), "1", out, accept))).toMatchObject({ code: "E_OUT_NOT_A_BUNDLE" });
    expect(contents(out)).toEqual(files);
    expect(readdirSync(out)).toEqual(["openresty"]);
  });

  test("an empty folder is taken", async () => {
    const out = temporaryFiles({});
    mkdirSync(join(out, "openresty"));
    await packBundle(bundle("a"), "1", out, accept);
    expect(contents(out)["openresty/conf/nginx.conf"]).toBe("a");
  });

  test.each(["file/dist", "file"])("a file in the way (--out %s) is an error with a code", async (out) => {
    const folder = temporaryFiles({ file: "mine" });
    const problem = await problemOf(packBundle(bundle("a"), "1", join(folder, out), accept));
    expect(problem).toMatchObject({ code: "E_OUT_WRITE", remedy: "Choose another --out: a file is in the way." });
    expect(contents(folder)).toEqual({ file: "mine" });
  });

  const rootMayWriteAnywhere = process.getuid?.() === 0 ? " (not as root, who may write anywhere)" : "";
  test.skipIf(rootMayWriteAnywhere !== "")(
    `a folder without the right to write is an error with a code${rootMayWriteAnywhere}`,
    async () => {
      const out = temporaryFiles({});
      chmodSync(out, 0o555);
      expect(await problemOf(packBundle(bundle("a"), "1", out, accept))).toMatchObject({ code: "E_OUT_WRITE" });
      chmodSync(out, 0o755);
    },
  );
});

describe("what the file system refuses", () => {
  const failing = (code: string) =>
    writing("dist/openresty", () => Promise.reject(Object.assign(new Error("no"), { code })));

  test.each(["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR", "EEXIST", "ENAMETOOLONG"])(
    "%s",
    async (code) => {
      expect(await problemOf(failing(code))).toMatchObject({
        code: "E_OUT_WRITE",
        message: "cannot write dist/openresty: no",
        remedy: expect.stringMatching(/\.$/) as string,
      });
    },
  );

  test("anything else stays what it is: a fault of ours", async () => {
    await expect(failing("EBADF")).rejects.not.toBeInstanceOf(AutoscaleError);
    expect(await writing("dist", () => Promise.resolve(7))).toBe(7);
  });
});
