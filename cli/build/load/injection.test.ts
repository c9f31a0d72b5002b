import { resolve } from "node:path";
import { expect, test } from "vitest";
import { AutoscaleError } from "../../errors.ts";
import { parseSample } from "../../../test/harness/gateway-sample.ts";
import { fullGateway, hostileValues, stringFields } from "../../../test/harness/hostile-values.ts";
import type { FileKind } from "./site.ts";

/** Every file exists, so that only the text itself can be refused. */
const kindOf = (path: string): FileKind => (path.startsWith("/site/plugins") ? "folder" : "file");

test("the file that the fields are taken from is valid", () => {
  expect(parseSample(fullGateway()).gateway.routes).toHaveLength(4);
});

/** Refused with a code, or carried to the model exactly as written: quoting is the renderer's. */
test.each(stringFields())("$name is refused or carried as it is", ({ name, value, apply }) => {
  for (const hostile of hostileValues) {
    const outcome = load(apply(hostile));
    if ("codes" in outcome) {
      expect(outcome.codes).not.toHaveLength(0);
      for (const code of outcome.codes) expect(code).toMatch(/^E_[A-Z_]+$/);
    } else {
      const filled = name.endsWith("(name)") ? hostile : hostile.replace("$${", "${");
      const path = resolve("/site", value + filled);
      const text = asCarried(value, filled);
      const carried = outcome.strings.some((one) => one.endsWith(text) || one === path);
      expect(carried, JSON.stringify(hostile)).toBe(true);
    }
  }
});

test("some values do reach the model, in fields that hold free text", () => {
  const free = stringFields().filter(({ apply }) => "strings" in load(apply('"; return 200; #')));
  expect(free.map(({ name }) => name)).toEqual([
    "listen.1.tls.certificate",
    "listen.1.tls.key",
    "trusted_ca",
    "upstreams.listed.discovery.kubernetes.token_file",
    "upstreams.listed.discovery.file.path",
    "upstreams.listed.discovery.http.headers.Authorization",
    "upstreams.listed.discovery.also.0.file.path",
    "routes.0.plugins.circuit-breaker.scope",
    "routes.0.plugins.circuit-breaker.fallback.headers.X-Why",
    "routes.0.plugins.circuit-breaker.fallback.body",
    "routes.2.path",
    "routes.3.plugins.circuit-breaker.fallback.redirect",
    "custom_plugins.0",
    "routes.0.plugins.circuit-breaker.fallback.headers (name)",
  ]);
});

test("an environment variable adds text and nothing else", () => {
  const structures = ["x\nworkers: 9", "x, y: 1", "*a", "&a b", "!!map {}", "- x", "? x", "x: y", "{ x: y }", "[x]"];
  // No environment variable can hold half a character or NUL.
  const possible = hostileValues.filter((value) => !/[\0\ud800]/.test(value));
  for (const place of ['"s3cret"', '"sorry"', '"/users"']) {
    const quoted = fullGateway().replace(place, '"${HOSTILE}"');
    const plain = `routes: [{ name: a, upstream: a }]\nupstreams: { a: { targets: ["a:1"] } }\nplugins:\n  a:\n    b: \${HOSTILE}\n`;
    for (const text of [quoted, plain]) {
      const usual = load(text, { HOSTILE: "/usual" });
      for (const hostile of [...structures, ...possible]) {
        const outcome = load(text, { HOSTILE: hostile });
        if ("codes" in outcome) expect(outcome.codes).toHaveLength(1);
        else expect(outcome.strings.map((one) => (one === hostile ? "/usual" : one))).toEqual(stringsIn(usual));
      }
    }
  }
});

function stringsIn(outcome: ReturnType<typeof load>): readonly string[] {
  return "strings" in outcome ? outcome.strings : [];
}

function load(text: string, env: Record<string, string> = {}): { codes: string[] } | { strings: string[] } {
  try {
    return { strings: stringsOf(parseSample(text, { kindOf, env }).gateway) };
  } catch (error) {
    if (error instanceof AutoscaleError) return { codes: error.problems.map(({ code }) => code) };
    throw error;
  }
}

/** All strings of a value, the names in it too. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...stringsOf(child)]);
}

/** Without what the model says in another way: the sign of a path's kind. */
function asCarried(value: string, hostile: string): string {
  return value.replace(/^[=~] /, "") + hostile;
}
