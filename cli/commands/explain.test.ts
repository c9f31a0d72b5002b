import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { runExplain } from "../../test/harness/run-explain.ts";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { explainCommand } from "./explain.ts";

const MAP = JSON.stringify({ version: 3, sources: ["plugins/_core/gcra.ts"], names: [], mappings: "AAAA" });
const EXPLAINED = "plugins/_core/gcra.ts:1:1 (gcra.lua:1): boom\n";

const bundle = (prefix = ""): string =>
  temporaryFiles({ [`${prefix}maps/autoscale/core/gcra.lua.map`]: MAP, "error.log": "gcra.lua:1: boom\n" });

test("reads standard input, or the file it is given", async () => {
  const folder = bundle();
  expect(await runExplain(folder, "gcra.lua:1: boom\n")).toBe(EXPLAINED);
  const output = new PassThrough();
  await explainCommand({ file: join(folder, "error.log"), bundle: folder, input: new PassThrough(), output });
  expect(String(output.read())).toBe(EXPLAINED);
});

test("finds the bundle in the folder that holds it", async () => {
  expect(await runExplain(bundle("openresty/"), "gcra.lua:1: boom\n")).toBe(EXPLAINED);
});

test("gives each line as soon as it is there", async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const done = explainCommand({ bundle: bundle(), input, output });
  input.write("gcra.lua:1: boom\n");
  await expect.poll(() => String(output.read() ?? "")).toBe(EXPLAINED);
  input.end();
  await done;
});

test("a log or a bundle that is not there is said so", async () => {
  const folder = bundle();
  const streams = { input: new PassThrough(), output: new PassThrough() };
  await expect(explainCommand({ bundle: join(folder, "none"), ...streams })).rejects.toThrow("E_EXPLAIN_BUNDLE");
  await expect(explainCommand({ bundle: folder, file: join(folder, "no.log"), ...streams })).rejects.toThrow(
    "E_FILE_NOT_FOUND",
  );
});
