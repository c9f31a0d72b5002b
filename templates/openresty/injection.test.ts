/** No value of gateway.yaml can add a directive to nginx.conf or a statement to Lua. */
import { describe, expect, test } from "vitest";
import { AutoscaleError } from "../../cli/errors.ts";
import { fullGateway, hostileValues, stringFields, type StringField } from "../../test/harness/hostile-values.ts";
import { parseNginx, shapeOf } from "../../test/harness/nginx-syntax.ts";
import { renderSample } from "../../test/harness/render-sample.ts";

/** The shape of every file; names of route fragments follow the routes' names, so files count by their order. */
function shapes(files: ReadonlyMap<string, string>): unknown[] {
  return [...files].filter(([path]) => path.endsWith(".conf")).map(([, text]) => shapeOf(parseNginx(text)));
}

/** Lua of plain data: strings taken out, only names, numbers, braces and signs are left. */
function luaShape(text: string): string {
  const bare = text.replace(/"(?:[^"\\\n]|\\[\d"\\]+)*"/g, "S");
  expect(bare).toMatch(/^--[^\n]*\nreturn [\sA-Za-z0-9_.+{}[\]=,-]*$/);
  return bare.replace(/\w+/g, "w");
}

function renderOrRefuse(text: string): ReadonlyMap<string, string> | undefined {
  try {
    return renderSample(text);
  } catch (error) {
    if (error instanceof AutoscaleError) return undefined;
    throw error;
  }
}

/** Text without any sign in it that changes the structure as `hostile` may; undefined: it may not. */
function harmlessLike({ name }: StringField, hostile: string): string | undefined {
  // A prefix that ends in / takes one location instead of two, whatever comes before the /.
  if (name.endsWith(".path") && hostile.endsWith("/")) return "x/";
  // With methods that nginx has no words for Lua picks the peers.
  return name.includes(".retries.methods.") ? "X" : undefined;
}

const RAW = /^nginx\./;
const whole = renderSample(fullGateway());
const wholeShapes = shapes(whole);

test("the sample uses every kind of file", () => {
  expect(wholeShapes.length).toBeGreaterThan(6);
});

describe.each(stringFields().filter(({ name }) => !RAW.test(name)))("$name", (field) => {
  test("is refused with a code or changes no structure", () => {
    for (const hostile of hostileValues) {
      const files = renderOrRefuse(field.apply(hostile));
      if (files === undefined) continue;
      const harmless = harmlessLike(field, hostile);
      const expected = harmless === undefined ? wholeShapes : shapes(renderSample(field.apply(harmless)));
      expect(shapes(files), JSON.stringify(hostile)).toEqual(expected);
      expect(luaShape(files.get("lua/autoscale/gateway.lua") ?? ""), JSON.stringify(hostile)).not.toBe("");
    }
  });
});

test("something hostile gets through to the files, so that this test can fail", () => {
  const body = stringFields().find(({ name }) => name.endsWith("fallback.body"));
  const files = renderSample(body?.apply('"; os.exit() --]]') ?? "");
  expect(files.get("lua/autoscale/gateway.lua")).toContain('sorry\\"; os.exit() --]]');
});
