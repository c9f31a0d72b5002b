import { expect, test } from "vitest";
import { isTest, projectFiles, read } from "./repository.ts";
import { fieldsIn, namesIn, type Saying } from "./syntax.ts";

const GATEWAYS: ReadonlySet<string> = new Set(["ngx", "kong", "apisix"]);
const product = projectFiles("cli", "plugins", "nginx", "templates").filter(
  (path) => path.endsWith(".ts") && !isTest(path),
);

const gatewayNames = (source: string): readonly Saying[] => namesIn(source).filter(({ text }) => GATEWAYS.has(text));
const exits = (source: string): readonly Saying[] => fieldsIn(source).filter(({ text }) => text === "process.exit");

function sayings(paths: readonly string[], find: (source: string) => readonly Saying[]): readonly string[] {
  return paths.flatMap((path) => find(read(path)).map(({ text, line }) => `${path}:${line} ${text}`));
}

test("only nginx/ and the hosts name a gateway's API", () => {
  const elsewhere = product.filter((path) => !/^(nginx|templates\/[^/]+\/runtime)\//.test(path));
  expect(elsewhere.length).toBeGreaterThan(10);
  expect(sayings(elsewhere, gatewayNames)).toEqual([]);
});

test("only cli/main.ts exits", () => {
  const others = product.filter((path) => path !== "cli/main.ts" && !path.startsWith("cli/bootstrap/"));
  expect(sayings(others, exits)).toEqual([]);
});

test.each([
  "const now = ngx.now;",
  "export type Api = typeof kong;",
  "const { log } = kong;",
  "export const api = { ngx };",
  "export function f(apisix: object) { return apisix; }",
  'import apisix from "apisix.core";',
  "const text = `at ${ngx.now()}`;",
])("a gateway's API is found in: %s", (source) => {
  expect(gatewayNames(source)).not.toEqual([]);
});

test.each([
  "// ngx.now is cached",
  'const text = "ngx.now kong apisix";',
  "export const priority = { openresty: 1, kong: 2, apisix: 3 };",
  "export interface Priority { kong: number; apisix: number }",
  "export const of = (priority: { kong: number }) => priority.kong;",
])("no gateway's API is found in: %s", (source) => {
  expect(gatewayNames(source)).toEqual([]);
});

test("an exit is found in code and not in a comment", () => {
  expect(exits("export function f() {\n  process.exit(1);\n}")).toEqual([{ text: "process.exit", line: 2 }]);
  expect(exits("// process.exit(1)\nprocess.exitCode = 1;")).toEqual([]);
});
