import { describe, expect, test } from "vitest";
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
describe.each(stringFields())("$name", ({ value, apply }) => {
  test.each(hostileValues.map((hostile) => [JSON.stringify(hostile), hostile] as const))("%s", (_, hostile) => {
    const outcome = load(apply(hostile));
    if ("codes" in outcome) {
      expect(outcome.codes).not.toHaveLength(0);
      for (const code of outcome.codes) expect(code).toMatch(/^E_[A-Z_]+$/);
    } else {
      expect(outcome.strings.some((text) => text.endsWith(asCarried(value, hostile)))).toBe(true);
    }
  });
});

test("some values do reach the model, in fields that hold free text", () => {
  const free = stringFields().filter(({ apply }) => "strings" in load(apply('"; return 200; #')));
  expect(free.map(({ name }) => name)).toEqual([
    "listen.1.tls.certificate",
    "listen.1.tls.key",
    "upstreams.users.discovery.file.path",
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
  const text = fullGateway().replace("s3cret", "${HOSTILE}").replace('"sorry"', '"${HOSTILE}"');
  const shape = JSON.stringify(load(text.replaceAll("${HOSTILE}", "x")));
  for (const hostile of [
    ...hostileValues,
    "x\nworkers: 9",
    "x, y: 1",
    "*a",
    "&a b",
    "!!map {}",
    "- x",
    "? x",
    "x: y",
  ]) {
    if (hostile.includes("\ud800")) continue; // no environment variable can hold half a character
    for (const source of [text.replace('"${HOSTILE}"', '"x"'), text.replace('token":"${HOSTILE}', 'token":"x')]) {
      const outcome = load(source, { HOSTILE: hostile });
      if ("codes" in outcome) expect(outcome.codes).toEqual(["E_CONFIG_PATTERN"]);
      else
        expect(JSON.stringify(outcome.strings.map((one) => (one === hostile ? "x" : one)))).toBe(
          JSON.stringify((JSON.parse(shape) as { strings: string[] }).strings),
        );
    }
  }
});

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

/** Without what the model says in another way: the sign of a path's kind, a folder's `./`, an escaped placeholder. */
function asCarried(value: string, hostile: string): string {
  return value.replace(/^([=~] |\.\/)/, "") + hostile.replace("$${", "${");
}
