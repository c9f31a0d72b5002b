import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { startEngine } from "../../cli/engine/start.ts";
import { hostPattern } from "../../templates/_shared/host-pattern.ts";
import { freePort } from "../harness/free-port.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine, nativeEngine } from "../harness/native-engine.ts";
import { writeTinyBundle } from "../harness/tiny-bundle.ts";

const PATTERNS = [
  "^a$",
  "a$",
  "^(?:a|b)*$",
  "^.$",
  "^.{2,3}$",
  "^a.b$",
  "^[^ ]$",
  "^[^a-z]{2}$",
  "^[^]$",
  "[]",
  "^[[:a]$",
  "^[[:alpha:\\]]+$",
  "^[\\[\\]]+$",
  "^[\"' ]$",
  "^\\$$",
  "^[$.]$",
  "^\\\\$",
  "é",
  "^[à-ü]$",
  "^[^é]$",
  "^\\d{3}$",
  "^\\w+$",
  "^😀?$",
  "\\.",
];

const TEXTS = [
  ...Array.from("ab :[]$.\\\"'é€😀"),
  ...Array.from("\n\r\t\u2028\u2029\u00a0"),
  "",
  "a\n",
  "\na",
  "aab",
  "a\nb",
  "a\rb",
  "a\u2028b",
  "aéb",
  "a😀b",
  "ee",
  "éé",
  "😀😀",
  "503",
  "503\n",
  "٣٣٣",
  "[]",
  ":alpha]",
  "caf\u00e9",
];

/** As Kong and APISIX ask it: 1 or 0 for each text, or what is wrong with the pattern. */
function asked(patterns: readonly string[]): string {
  return `
    for _, pattern in ipairs(${luaLiteral(patterns)}) do
      local line = {}
      for index, text in ipairs(${luaLiteral(TEXTS)}) do
        local from, _, problem = ngx.re.find(text, pattern, "jo")
        line[index] = problem or (from and "1" or "0")
      end
      ngx.say(table.concat(line))
    end`;
}

describeWithEngine("patterns in a gateway", () => {
  test("say of every text what JavaScript says", async () => {
    const port = await freePort();
    const bundle = await writeTinyBundle(port, asked(PATTERNS.map(hostPattern)));
    try {
      const running = await startEngine(nativeEngine(), bundle);
      const lines = (await (await fetch(`http://127.0.0.1:${String(port)}/`)).text()).trimEnd().split("\n");
      await running.stop({ graceSeconds: 1 });
      const own = PATTERNS.map((pattern) =>
        TEXTS.map((text) => (new RegExp(pattern, "u").test(text) ? "1" : "0")).join(""),
      );
      expect(Object.fromEntries(PATTERNS.map((pattern, index) => [pattern, lines[index]]))).toEqual(
        Object.fromEntries(PATTERNS.map((pattern, index) => [pattern, own[index]])),
      );
    } finally {
      await rm(bundle, { recursive: true });
    }
  });
});
