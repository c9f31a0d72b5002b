import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketValues } from "../../plugins/_core/bucket-values.ts";
import { firstBytes, withoutFirst } from "../../plugins/_core/byte-cut.ts";
import { decimalText, sampleRate } from "../../plugins/_core/decimal-text.ts";
import { fieldPath, fieldText } from "../../plugins/_core/json-field.ts";
import { cleanText, escapedLabel } from "../../plugins/_core/label-text.ts";
import { modelOf, scanChunk, startUsageScan, usageOf } from "../../plugins/_core/usage-scanner.ts";
import { labelPairs, segmentText, tagText } from "../../plugins/_core/statsd-text.ts";
import { differential } from "../harness/differential.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";

const ascii = fc.string({ unit: "binary-ascii", maxLength: 60 });
const long = fc.tuple(ascii, fc.nat({ max: 200 })).map(([text, times]) => text.repeat(times));

differential("firstBytes", {
  module: "autoscale.core.byte-cut",
  ts: firstBytes,
  arbitrary: fc.tuple(long, fc.nat({ max: 10_000 })),
});

differential("withoutFirst", {
  module: "autoscale.core.byte-cut",
  ts: withoutFirst,
  arbitrary: fc.tuple(long, fc.nat({ max: 10_000 })),
});

differential("decimalText", {
  module: "autoscale.core.decimal-text",
  ts: decimalText,
  arbitrary: fc.tuple(fc.double({ min: 0, max: 1e8, noNaN: true })),
});

differential("sampleRate", {
  module: "autoscale.core.decimal-text",
  ts: sampleRate,
  arbitrary: fc.tuple(fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 1_000_000_000 }))),
});

differential("bucketValues", {
  module: "autoscale.core.bucket-values",
  ts: bucketValues,
  cases: { "no request": [[1, 2], [0, 0, 0], 0], "beyond the last bound": [[1, 2], [0, 0, 2], 90] },
  arbitrary: fc.tuple(
    fc.constant([0.005, 0.1, 1, 10]),
    fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 5 }),
    fc.double({ min: 0, max: 1e5, noNaN: true }),
  ),
});

differential("fieldPath", {
  module: "autoscale.core.json-field",
  ts: fieldPath,
  arbitrary: fc.tuple(fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 12 })),
});

differential("fieldText", {
  module: "autoscale.core.json-field",
  ts: fieldText,
  cases: {
    text: [{ a: { b: "c" } }, ["a", "b"]],
    number: [{ a: 1.5 }, ["a"]],
    flag: [{ a: false }, ["a"]],
    object: [{ a: { b: 1 } }, ["a"]],
    absent: [{ a: 1 }, ["a", "b"]],
    nothing: [undefined, ["a"]],
  },
});

differential("escapedLabel", {
  module: "autoscale.core.label-text",
  ts: escapedLabel,
  arbitrary: fc.tuple(fc.string({ unit: fc.constantFrom("\\", '"', "\n", "a") })),
});

for (const ts of [segmentText, tagText]) {
  differential(ts.name, {
    module: "autoscale.core.statsd-text",
    ts,
    arbitrary: fc.tuple(ascii),
  });
}

differential("labelPairs", {
  module: "autoscale.core.statsd-text",
  ts: labelPairs,
  cases: { none: [""], two: [',a="x",b=""'], escapes: [',a="\\"\\\\,b=\\"",c="="'] },
});

/** A Lua string of these bytes. */
function byteLiteral(bytes: Uint8Array): string {
  return `"${[...bytes].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
}

describe.skipIf(!hasLuaJit)(`in LuaJIT${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit();
  });
  afterAll(() => lua.stop());

  test("cleanText makes the same of any bytes, and it is valid UTF-8", async () => {
    const lead = fc.constantFrom(
      0x61,
      0x80,
      0xbf,
      0xc0,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
      0xa0,
      0x90,
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(lead, { maxLength: 12 }).map((list) => Uint8Array.from(list)),
      fc.string({ unit: "binary", maxLength: 60 }).map((text) => new Uint8Array(Buffer.from(text))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 256 }), async (raw, max) => {
        const code = `return require("autoscale.core.label-text").cleanText(${byteLiteral(raw)},${String(max)})`;
        const own = cleanText(Buffer.from(raw).toString("latin1"), max);
        expect(await lua.run(code)).toEqual([Buffer.from(own, "latin1").toString("utf8")]);
      }),
      { numRuns: 1000 },
    );
  });

  test("the scanner reads the same of any answer in any pieces", async () => {
    const parts = [
      '"usage"',
      '"model"',
      ":",
      "{",
      '"prompt_tokens":',
      '"output_tokens": ',
      "17",
      ",",
      "null",
      '"',
      "\\",
    ];
    const words = [
      'data: {"model":"gpt-4o","usage":null}\n\n',
      '"usage":{"prompt_tokens":3,"completion_tokens":4}',
      " ",
    ];
    const chunks = fc.array(fc.array(fc.constantFrom(...parts, ...words)).map((list) => list.join("")));
    await fc.assert(
      fc.asyncProperty(chunks, async (list) => {
        const scan = startUsageScan();
        for (const chunk of list) scanChunk(scan, chunk);
        const usage = usageOf(scan);
        const given = list.map((chunk) => byteLiteral(Buffer.from(chunk))).join(",");
        const code =
          `local m=require("autoscale.core.usage-scanner") local s=m.startUsageScan() ` +
          `for _,c in ipairs({${given}}) do m.scanChunk(s,c) end local u=m.usageOf(s) or {} ` +
          `return m.modelOf(s),u.promptTokens or -1,u.completionTokens or -1`;
        expect(await lua.run(code)).toEqual([modelOf(scan), usage?.promptTokens ?? -1, usage?.completionTokens ?? -1]);
      }),
      { numRuns: 1000 },
    );
  });
});
