import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { AutoscaleError } from "../../errors.ts";
import { parseSample } from "../../../test/harness/gateway-sample.ts";

const folder = fileURLToPath(new URL("./bad-inputs/", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .sort();

/** Each NN-name.yaml is refused with exactly the text of NN-name.txt. */
describe("bad gateway.yaml files", () => {
  test("there are enough of them", () => {
    expect(names.length).toBeGreaterThanOrEqual(70);
  });

  test.each(names)("%s", async (name) => {
    const text = readFileSync(folder + name, "utf8");
    await expect(`${messageOf(text, name)}\n`).toMatchFileSnapshot(folder + name.replace(/yaml$/, "txt"));
  });
});

function messageOf(text: string, name: string): string {
  try {
    parseSample(text, { shownFile: name });
  } catch (error) {
    if (error instanceof AutoscaleError) return error.message;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}
