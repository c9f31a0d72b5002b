import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNginx } from "../../test/harness/nginx-syntax.ts";
import { hostileValues } from "../../test/harness/hostile-values.ts";
import { identifier, integer, luaString, luaValue, nginxLiteral, nginxString, nginxTime } from "./quote.ts";

describe("nginxLiteral", () => {
  test("is read back by nginx's rules as the value itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        // eslint-disable-next-line no-control-regex -- the helper refuses these
        fc.pre(!/[\u0000-\u001f\u007f]/.test(value));
        expect(parseNginx(`d ${nginxLiteral(value)};`)).toEqual([{ name: "d", args: [value] }]);
      }),
    );
  });

  test.each(["\n", "\0", "\t", "a\rb", "\u007f"])("refuses the control character in %j", (value) => {
    expect(() => nginxLiteral(value)).toThrow(/E_NGINX_VALUE/);
  });
});

test("nginxString refuses a variable, which nginx could not be kept from expanding", () => {
  expect(() => nginxString("a$b")).toThrow(/would be read as a variable/);
  expect(nginxString('a "b" \\ c;}')).toBe('"a \\"b\\" \\\\ c;}"');
});

describe("luaString", () => {
  test("holds only printable ASCII, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(luaString(value)).toMatch(/^"[ -~]*"$/);
      }),
    );
  });

  test.each(hostileValues)("cannot be left from within: %j", (value) => {
    const inner = luaString(value).slice(1, -1);
    expect(inner.replace(/\\(?:\d{3}|["\\])/g, "")).not.toMatch(/["\\]/);
  });
});

describe("luaValue", () => {
  test("writes the same data the same way, whatever the order of its keys", () => {
    expect(luaValue({ b: 1, a: [true, "x"], end: null, "c-d": undefined })).toBe(luaValue({ a: [true, "x"], b: 1 }));
  });

  test("quotes keys that are not names, and Lua's own words", () => {
    expect(luaValue({ end: 1, "a-b": 2, ok: 3 })).toBe('{\n  ["a-b"] = 2,\n  ["end"] = 1,\n  ok = 3,\n}');
  });

  test.each([NaN, Infinity, () => 1, 1n, Symbol("x")])("refuses what Lua has no word for", (value) => {
    expect(() => luaValue({ value })).toThrow(/Lua/);
  });
});

test("bare words are only names and whole numbers", () => {
  expect(identifier("r1_users")).toBe("r1_users");
  expect(() => identifier("a;b")).toThrow();
  expect(() => identifier("")).toThrow();
  expect(integer(8080)).toBe("8080");
  expect(() => integer(1.5)).toThrow();
  expect(nginxTime(0.05)).toBe("50ms");
  expect(() => nginxTime(NaN)).toThrow();
});
