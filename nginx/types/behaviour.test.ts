import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { compileSnippets } from "./testing/compile-snippets.ts";

/** Each gives the same in JavaScript and in Lua. */
const EXPRESSIONS = [
  `"a,b,,c".split(",").join("|")`,
  `"abc".split("").join("-")`,
  `"".split(",").length`,
  `"a,b,c".split(",", 2).join("|")`,
  `"  a b\\t\\n".trim()`,
  `"abc".indexOf("c")`,
  `"abc".indexOf("x")`,
  `"a.c".indexOf(".")`,
  `"abcabc".indexOf("a", 1)`,
  `"abc".indexOf("")`,
  `"abc".includes("bc")`,
  `"abc".startsWith("ab")`,
  `"abc".startsWith("bc", 1)`,
  `"abc".endsWith("bc")`,
  `"abc".endsWith("ab", 2)`,
  `"abc".charAt(1)`,
  `"abc".charAt(7)`,
  `"abc".charCodeAt(2)`,
  `"abc".charCodeAt(9)`,
  `"abcdef".substring(4, 1)`,
  `"abcdef".substring(-2, 3)`,
  `"abcdef".slice(-3)`,
  `"abcdef".slice(1, -1)`,
  `"abcdef".slice(4, 2)`,
  `"ab".repeat(3)`,
  `"aB1".toUpperCase() + "aB1".toLowerCase()`,
  `"x".length + "".length`,
  `String(1.5) + String(true) + String(12)`,
  `String.fromCharCode(65, 66)`,
  `Number("12.5")`,
  `Number("abc")`,
  `Number("")`,
  `Number(" 7 ")`,
  `Number("0x10")`,
  `Number(true)`,
  `Number("-Infinity")`,
  `Number.isNaN(NaN)`,
  `Number.isFinite(Infinity)`,
  `Number.isInteger(3.5)`,
  `Number.isInteger(-4)`,
  `Number.MAX_SAFE_INTEGER + Number.MIN_SAFE_INTEGER + Number.EPSILON`,
  `Math.floor(-1.5) + Math.ceil(-1.5) * 10 + Math.abs(-3)`,
  `Math.trunc(-1.5)`,
  `Math.sign(-2) + Math.sign(0)`,
  `Math.min(3, 1, 2) + Math.max(3, 1, 2)`,
  `Math.pow(2, 0.5) + Math.sqrt(2) + Math.exp(1) + Math.log(10)`,
  `Math.sin(1) + Math.cos(1) + Math.tan(1) + Math.asin(0.5) + Math.acos(0.5)`,
  `Math.atan(1) + Math.atan2(-1, 2)`,
  `Math.PI + Math.E + Math.LN2 + Math.LN10 + Math.SQRT2`,
  `["a", "b"].indexOf("b") + ["a"].indexOf("x")`,
  `["a", "b"].includes("b")`,
  `["a", "b", "c"].slice(1).join("")`,
  `["a", "b", "c"].slice(-2, -1).join("")`,
  `["a", "b"].join() + [].length`,
  `["a", "b"].push("c")`,
  `["a", "b"].pop()`,
  `["a", "b"].shift()`,
  `([] as string[]).pop()`,
];

const luajit = findLuaJit();

describe.skipIf(luajit === undefined)(
  luajit === undefined ? "the standard library in Lua (skipped: no luajit here)" : "the standard library in Lua",
  () => {
    const source = EXPRESSIONS.map((each, at) => `show(${String(at)}, ${each});`).join("\n");
    const { snippets } = compileSnippets({
      behaviour: `declare function show(this: void, at: number, value: unknown): void;\n${source}\nexport {};`,
    });

    test("compiles", () => {
      expect(snippets.behaviour.findings).toEqual([]);
    });

    const results = luajit === undefined ? [] : runLua(snippets.behaviour.lua);
    test.each(EXPRESSIONS.map((expression, at) => [expression, at] as const))("%s", (expression, at) => {
      const expected: unknown = runInNewContext(expression.replace(" as string[]", ""));
      expect(results[at]).toBe(asText(expected));
    });
  },
);

function findLuaJit(): string | undefined {
  try {
    execFileSync("luajit", ["-v"], { stdio: "ignore" });
    return "luajit";
  } catch {
    return undefined;
  }
}

/** Lua's name of the type, a space, and the value. */
function asText(value: unknown): string {
  if (value === undefined) return "nil nil";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string")
    return `${typeof value} ${String(value)}`;
  throw new TypeError("only plain values can be compared");
}

/** What the program shows, each as `asText` writes it; 17 digits tell doubles apart. */
function runLua(lua: string): string[] {
  const show = `
    function show(_, value)
      local text = type(value) == "number" and string.format("%.17g", value) or tostring(value)
      io.write(type(value), " ", text, "\\0")
    end
  `;
  const output = execFileSync("luajit", ["-"], { input: `${show}\n${lua}`, encoding: "utf8", timeout: 10_000 });
  return output
    .split("\0")
    .slice(0, -1)
    .map((each) => (each.startsWith("number ") ? `number ${numberText(each.slice(7))}` : each));
}

function numberText(lua: string): string {
  if (/nan/.test(lua)) return "NaN";
  return lua.endsWith("inf") ? (lua.startsWith("-") ? "-Infinity" : "Infinity") : String(Number(lua));
}
