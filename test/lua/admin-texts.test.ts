import fc from "fast-check";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";

const hasCjson = hasLuaJit && spawnSync("luajit", ["-e", 'require("cjson.safe")'], { stdio: "ignore" }).status === 0;
const FOLDERS = [
  "nginx/runtime/json-text.ts",
  "nginx/runtime/decision-text.ts",
  "templates/openresty/runtime/bearer.ts",
];

describe.skipIf(!hasCjson)(`texts of the admin server${hasCjson ? "" : " (skipped: no luajit with cjson)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit(FOLDERS);
  });
  afterAll(() => lua.stop());

  const json = async (expression: string): Promise<string> => {
    const [text] = await lua.run(`return require("autoscale.runtime.json-text").jsonText(${expression})`);
    return text as string;
  };

  test.each([
    ["{}", "{}"],
    ['require("autoscale.runtime.json-text").jsonList({})', "[]"],
    ['{ hosts = require("autoscale.runtime.json-text").jsonList({ "a" }) }', '{"hosts":["a"]}'],
    ["{ 1, 2, { 3 } }", "[1,2,[3]]"],
    ["{ b = true, a = false, [5] = 0 }", '{"5":0,"a":false,"b":true}'],
    ["{ 1 / 0, -1 / 0, 0 / 0 }", "[null,null,null]"],
    ["{ 1763789000.123, 1e14, 1e20, 0.1, -0.5, 3 }", "[1763789000.123,100000000000000,1e+20,0.1,-0.5,3]"],
    ["{ print, 'x' }", '[null,"x"]'],
    ["nil", "null"],
  ])("%s is %s", async (value, expected) => {
    expect(await json(value)).toBe(expected);
  });

  test("a table that holds itself ends", async () => {
    await lua.run("circle = {} circle[1] = circle return 1");
    expect(await json("circle")).toBe(`${"[".repeat(32)}null${"]".repeat(32)}`);
  });

  test("what comes out is what went in", async () => {
    const leaf = fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean());
    const value = fc.dictionary(
      fc.stringMatching(/^[a-z/"\\]{1,8}$/),
      fc.oneof(leaf, fc.array(leaf, { minLength: 1 })),
      {
        noNullPrototype: true,
      },
    );
    await fc.assert(
      fc.asyncProperty(value, async (fields) => {
        const text = await lua.call("autoscale.runtime.json-text", "jsonText", fields);
        expect(JSON.parse(text as string)).toEqual(fields);
      }),
      { numRuns: 500 },
    );
  });

  test("a decision is valid JSON of at most 1800 bytes, whatever is in it", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 600 }).map((one) => one.replaceAll("\ufffd", "?"));
    const inputs = fc.dictionary(fc.stringMatching(/^[a-z_]{1,80}$/), fc.oneof(text, fc.double()), {
      maxKeys: 40,
      noNullPrototype: true,
    });
    const event = fc.record({ plugin: text, subject: text, from: text, to: text, reason: text, inputs });
    await fc.assert(
      fc.asyncProperty(event, async (given) => {
        const line = (await lua.call(
          "autoscale.runtime.decision-text",
          "decisionText",
          given,
          1763789000.123,
        )) as string;
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1800);
        // No control character, and no half of one: that would have become a replacement character.
        expect(Array.from(line).every((one) => one >= " " && one !== "\ufffd")).toBe(true);
        expect(JSON.parse(line)).toMatchObject({ time: 1763789000.123, event: "decision" });
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["Bearer s3cret", true],
    ["bearer   s3cret  ", true],
    ["BEARER s3cret", true],
    ["Bearer s3cre", false],
    ["Bearer s3crets", false],
    ["Bearer S3cret", false],
    ["Bearer  ", false],
    ["Bearers3cret", false],
    ["Basic s3cret", false],
    ["Bearer s3cret s3cret", false],
    ["Bearer s3cret,Bearer s3cret", false],
    ["", false],
  ])("%j admits: %j", async (header, admits) => {
    expect(await lua.call("autoscale.openresty.bearer", "authorized", header, "s3cret")).toBe(admits);
  });
});
