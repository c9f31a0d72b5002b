import { Readable } from "node:stream";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { readEvent } from "./event-file.ts";

const EVENT = '{ "alerts": [{ "status": "firing" }, { "status": "resolved" }] }';

test("from a file or standard input, as it was written", async () => {
  const folder = temporaryFiles({ "event.json": EVENT });
  expect(await readEvent(join(folder, "event.json"), Readable.from([]))).toBe(EVENT);
  expect(await readEvent("-", Readable.from([EVENT]))).toBe(EVENT);
});

test.each([
  ["", "no JSON"],
  ["{", "no JSON"],
  ["[]", "no alerts"],
  ['{"alerts": []}', "no alerts"],
  ['{"alerts": {}}', "no alerts"],
])("%j: %s", async (text, told) => {
  await expect(readEvent("-", Readable.from([text]))).rejects.toThrow(
    new RegExp(`^standard input E_EVENT_FORMAT .*${told}`),
  );
});

test("a file that is not there, and a folder", async () => {
  const folder = temporaryFiles({});
  await expect(readEvent(join(folder, "none"), Readable.from([]))).rejects.toThrow("E_FILE_NOT_FOUND");
  await expect(readEvent(folder, Readable.from([]))).rejects.toThrow("E_FILE_UNREADABLE");
});
