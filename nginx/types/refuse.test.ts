import { expect, test } from "vitest";
import { compileSnippets } from "./testing/compile-snippets.ts";

/** Each line must be a type error; `@ts-expect-error` complains when it is not. */
const refused = {
  "a result kept whole": ['const value: string = (ngx.shared["a"] as NgxSharedDict).get("k");'],
  "a zone that may not exist": ['ngx.shared["a"].get("k");'],
  "a method that does not exist": [
    '(ngx.shared["a"] as NgxSharedDict).getx("k");',
    "ngx.nowhere();",
    "ngx.timer.once(1);",
  ],
  "arguments of a wrong type": [
    '(ngx.shared["a"] as NgxSharedDict).get(5);',
    '(ngx.shared["a"] as NgxSharedDict).set("k", {});',
    '(ngx.shared["a"] as NgxSharedDict).set("k", ngx.null);',
    'ngx.log(9, "x");',
    'ngx.log("error", "x");',
    "ngx.log(ngx.ERR, {});",
    'ngx.redirect("/", 200);',
    'ngx.req.set_method("GET");',
    "ngx.timer.at(1, (premature: boolean, name: string) => ngx.say(name), 5);",
    'ngx.timer.at(1, "name");',
    'ngx.sleep("1");',
  ],
  "ngx.null in the place of undefined": [
    "const nothing: undefined = ngx.null;",
    "const text: string | undefined = ngx.null;",
    "const same = ngx.var.arg_x === ngx.null;",
  ],
  "an absent value used as present": [
    "const text: string = ngx.var.arg_x;",
    'ngx.req.set_header("A", ngx.var.http_a);',
  ],
  "what is only in newer versions, unasked": ['ngx.decode_base64mime("YQ==");'],
  "writing what nginx keeps": ["ngx.var.request_method = 'GET';", "ngx.headers_sent = true;", "ngx.shared = {};"],
  "globals that Lua does not have": [
    'JSON.parse("1");',
    "new Date();",
    "new Map<string, number>();",
    "new Set<string>();",
    'console.log("x");',
    "setTimeout(() => {}, 1);",
    'parseInt("1");',
    "Object.keys({ a: 1 });",
    "Array.isArray([]);",
    'throw new Error("x");',
  ],
  "methods that Lua does not have, or only dearly": [
    "[1].map((x) => x);",
    "[1].filter((x) => x > 0);",
    "[1].forEach((x) => ngx.say(x));",
    "[2, 1].sort();",
    "[1].push(1, 2);",
    "[1, 2].join();",
    '"a".replace("a", "b");',
    '"a".match(/a/);',
    '"a"[0];',
    "(5).toFixed(2);",
    "Math.round(1);",
    "Math.max();",
  ],
};

const snippets = Object.fromEntries(
  Object.entries(refused).map(([name, lines]) => [
    name.replace(/\W+/g, "-"),
    [...lines.map((line) => `// @ts-expect-error\n{ ${line} }`), "export {};"].join("\n"),
  ]),
);
const compiled = compileSnippets<string>({ ...snippets, later: "export const later = async () => 1;" });

test.each(Object.entries(refused))("refuses %s", (name, lines) => {
  const unused = (compiled.snippets[name.replace(/\W+/g, "-")]?.findings ?? ["not compiled"])
    .filter((finding) => /TS2578|not compiled/.test(finding))
    .map((finding) => lines[(Number.parseInt(finding, 10) - 1) / 2] ?? finding);
  expect(unused).toEqual([]);
});

test("refuses async functions, at no place in particular: the type Promise is missing", () => {
  expect(compiled.elsewhere.join()).toContain("Promise");
});
