import { describe, expect, test } from "vitest";
import { AutoscaleError } from "../../cli/errors.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { contentOf } from "./content.ts";
import { manifestText } from "./manifest-text.ts";

const plan = planSample(`
admin: { token: open-sesame }
upstreams: { users: { targets: ["users:80"] } }
routes: [{ name: all, path: /, upstream: users }]
`);

const text = (bytes: number): string => "-- 0123456\n".repeat(bytes / 10).slice(0, bytes - 1) + "\n";
const content = (files: Readonly<Record<string, string>>) => contentOf(plan, new Map(Object.entries(files)));
const names = (files: Readonly<Record<string, string>>): string[] => {
  const { configMaps, secrets } = content(files);
  return [...configMaps, ...secrets].map(({ metadata }) => metadata.name);
};

const SMALL = {
  "conf/nginx.conf": "events {}\n",
  "lua/a.lua": "return 1\n",
  "lua/autoscale/gateway.lua": "return {}\n",
};

test("a folder of the bundle is a volume; what is only for people is left out", () => {
  const { configMaps, secrets, volumes } = content({ ...SMALL, "maps/a.lua.map": "{}" });
  expect(configMaps.map(({ data }) => Object.keys(data as object))).toEqual([["conf.nginx.conf"], ["lua.a.lua"]]);
  expect(secrets.map(({ data }) => Object.keys(data as object))).toEqual([["lua.autoscale.gateway.lua"]]);
  expect(volumes.map(({ folder, sources }) => [folder, sources.length])).toEqual([
    ["conf", 1],
    ["lua", 2],
  ]);
});

test("a name changes with what is in the object, and only then", () => {
  const before = names(SMALL);
  expect(names(SMALL)).toEqual(before);
  const [conf, lua, settings] = before;
  expect(names({ ...SMALL, "lua/a.lua": "return 2\n" })).toEqual([
    conf,
    expect.not.stringMatching(`^${lua ?? ""}$`),
    settings,
  ]);
  expect(names({ ...SMALL, "lua/autoscale/gateway.lua": "return 3\n" })[2]).not.toBe(settings);
  expect(before.filter((name) => !/^gateway-(conf|lua)-1-[0-9a-f]{10}$/.test(name))).toEqual([]);
});

describe("sizes", () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`lua/m${String(index)}.lua`, text(60_000)]),
  );

  test("as many objects as it takes, each small enough for kubectl's copy in an annotation", () => {
    const { configMaps, volumes } = content(many);
    expect(configMaps.length).toBe(6);
    expect(volumes[0]?.sources.length).toBe(6);
    const sizes = configMaps.map((object) => Buffer.byteLength(JSON.stringify(object)));
    expect(Math.max(...sizes)).toBeLessThan(262_144);
    expect(configMaps.flatMap(({ data }) => Object.keys(data as object)).sort()).toEqual(
      Object.keys(many)
        .map((path) => path.replace("/", "."))
        .sort(),
    );
  });

  test("a file that is larger has an object to itself, up to what an object holds", () => {
    const { configMaps } = content({ "lua/a.lua": text(700_000), "lua/b.lua": text(10) });
    expect(configMaps.map(({ data }) => Object.keys(data as object))).toEqual([["lua.a.lua"], ["lua.b.lua"]]);
  });

  test("and beyond that the build says so", () => {
    const build = () => content({ ...SMALL, "lua/huge.lua": text(800_000) });
    expect(build).toThrow(AutoscaleError);
    expect(build).toThrow(/E_KUBERNETES_SIZE found lua\/huge\.lua with 800000 bytes, allowed: 783360/);
  });
});

describe("secrets", () => {
  test("a file that holds one is in a Secret, whichever it is", () => {
    const { configMaps, secrets } = content({
      ...SMALL,
      "conf/fragments/a.conf": 'set $key "open-sesame";\n',
      "lua/odd\u2028.lua": "-- open-sesame\u2028",
    });
    expect(secrets.flatMap(({ data }) => Object.keys(data as object)).sort()).toEqual([
      "conf.fragments.a.conf",
      "lua.autoscale.gateway.lua",
      "lua.odd..lua",
    ]);
    expect(configMaps.map(manifestText).join("")).not.toContain("open-sesame");
    expect(configMaps.length).toBe(2);
  });

  test("their hash is not the one that a guess could be tried by quickly", async () => {
    const { createHash } = await import("node:crypto");
    const [secret] = content(SMALL).secrets;
    const files = JSON.stringify([["lua/autoscale/gateway.lua", "return {}\n"]]);
    const quick = createHash("sha256").update(files).digest("hex");
    expect(secret?.metadata.name).not.toContain(quick.slice(0, 10));
  });
});

test("what YAML would not give back byte by byte is binary data", () => {
  const { configMaps } = content({ "lua/a.lua": "return '\u2028'\r\n", "lua/b.lua": "return 1\n" });
  expect(configMaps[0]).toMatchObject({
    data: { "lua.b.lua": "return 1\n" },
    binaryData: { "lua.a.lua": Buffer.from("return '\u2028'\r\n").toString("base64") },
  });
});
