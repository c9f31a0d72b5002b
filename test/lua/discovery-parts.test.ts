import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backOffSeconds } from "../../plugins/_core/back-off.ts";
import { base64 } from "../../plugins/_core/base64.ts";
import { ipAddress } from "../../plugins/_core/ip-address.ts";
import { percentText } from "../../plugins/_core/percent-text.ts";
import { nextIndex } from "../../plugins/dynamic-upstreams/discovery/consul-source.ts";
import { encodeSets } from "../../plugins/dynamic-upstreams/discovery/snapshot-text.ts";
import { parseUrl } from "../../plugins/dynamic-upstreams/discovery/url.ts";
import { comparable } from "../harness/comparable.ts";
import { differential } from "../harness/differential.ts";
import { json } from "../harness/discovery-rig.ts";
import { hasLuaJit, type LuaHandle, type LuaJit, startLuaJit } from "../harness/luajit.ts";

const FOLDER = "autoscale.plugins.dynamic-upstreams.discovery";
const ascii = fc.string({ unit: "binary-ascii", maxLength: 40 });

differential("base64", { module: "autoscale.core.base64", ts: base64, arbitrary: fc.tuple(ascii) });
differential("percentText", { module: "autoscale.core.percent-text", ts: percentText, arbitrary: fc.tuple(ascii) });
differential("backOffSeconds", {
  module: "autoscale.core.back-off",
  ts: backOffSeconds,
  arbitrary: fc.tuple(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});
differential("ipAddress", {
  module: "autoscale.core.ip-address",
  ts: ipAddress,
  arbitrary: fc.tuple(
    fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom("1", "25", "0", "F", ":", "::", ".", "g", "%"), maxLength: 20 }),
    ),
  ),
});
differential("parseUrl", {
  module: `${FOLDER}.url`,
  folders: ["plugins/dynamic-upstreams"],
  ts: parseUrl,
  arbitrary: fc.tuple(
    fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc
        .array(fc.constantFrom("http://", "https://", "a.b", "[::1]", ":", "80", "/", "?", "#", "@", "[", "]", " "))
        .map((parts) => parts.join("")),
    ),
  ),
});
differential("nextIndex", {
  module: `${FOLDER}.consul-source`,
  folders: ["plugins/dynamic-upstreams"],
  ts: nextIndex,
  cases: {
    first: [undefined, "5"],
    backwards: ["9", "5"],
    none: ["9", undefined],
    garbage: ["9", "x"],
    "larger than any number": ["18446744073709551610", "18446744073709551615"],
  },
});

const noCjson = "no cjson for luajit";

describe.skipIf(!hasLuaJit)(`bytes and memory in Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  let port: LuaHandle;
  let hasCjson = false;

  beforeAll(async () => {
    lua = await startLuaJit(["plugins/_core", "plugins/dynamic-upstreams", "nginx/runtime/json-port.ts"]);
    await lua.run(readFileSync(new URL("memory-store.lua", import.meta.url), "utf8"));
    const [found] = await lua.run(
      'local ok, cjson = pcall(require, "cjson") if ok then _G.ngx = { null = cjson.null } end return ok',
    );
    hasCjson = found === true;
    if (hasCjson) port = await lua.keep('require("autoscale.runtime.json-port").json');
  });
  afterAll(() => lua.stop());

  test("text that is not ASCII is escaped and encoded byte by byte", async () => {
    expect(await lua.call("autoscale.core.percent-text", "percentText", "Käse€")).toBe(encodeURIComponent("Käse€"));
    expect(await lua.call("autoscale.core.base64", "base64", "Käse€")).toBe(Buffer.from("Käse€").toString("base64"));
  });

  test("what is published is read whole, in whatever lengths one follows the other", async () => {
    const length = fc.constantFrom(0, 1, 61_439, 61_440, 61_441, 200_000);
    const property = fc.asyncProperty(fc.array(length, { minLength: 1, maxLength: 5 }), async (lengths) => {
      const store = await lua.keep("(memory_store(function() return 0 end))");
      for (const [index, length] of lengths.entries()) {
        const text = String(index).repeat(length);
        const version = await lua.call(`${FOLDER}.snapshot-store`, "publish", store, "members:users", text);
        const read = await lua.call(`${FOLDER}.snapshot-store`, "readPublished", store, "members:users", 0);
        expect((read as { version: number }).version).toBe(version);
        expect((read as { text: string }).text === text).toBe(true);
        expect(
          await lua.call(`${FOLDER}.snapshot-store`, "readPublished", store, "members:users", version),
        ).toBeUndefined();
      }
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test("sets are read from what Node wrote, and from what cjson wrote", async (context) => {
    if (!hasCjson) context.skip(noCjson);
    const entry = fc.record(
      {
        host: fc.oneof(fc.ipV4(), fc.constant("fd00::1")),
        port: fc.constantFrom(80, 65535),
        weight: fc.constantFrom(1, 2.5, 0.1),
        priority: fc.nat({ max: 3 }),
        zone: fc.constantFrom("a", 'b"'),
        draining: fc.constant(true),
      },
      { requiredKeys: ["host", "port", "weight", "priority"] },
    );
    const sets = fc.array(fc.record({ name: fc.constantFrom("one", "two"), peers: fc.array(entry, { maxLength: 5 }) }));
    const module = `${FOLDER}.snapshot-text`;
    const property = fc.asyncProperty(sets, async (sets) => {
      const written = await lua.call(module, "encodeSets", sets, port);
      for (const text of [encodeSets(sets, json), written]) {
        expect(comparable(await lua.call(module, "decodeSets", text, port))).toEqual(comparable(sets));
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test("garbage is no set, and stops nothing", async (context) => {
    if (!hasCjson) context.skip(noCjson);
    const near = fc.dictionary(
      fc.constantFrom("version", "sets", "name", "hosts", "ports"),
      fc.oneof(fc.jsonValue(), fc.constant(1)),
    );
    const text = fc.oneof(
      ascii,
      fc.json(),
      near.map((value) => JSON.stringify(value)),
    );
    const property = fc.asyncProperty(text, async (text) => {
      await lua.call(`${FOLDER}.snapshot-text`, "decodeSets", text, port);
      await lua.call(`${FOLDER}.statuses-text`, "decodeStatuses", text, port);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
