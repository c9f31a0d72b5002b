import fc from "fast-check";
import { expect, test } from "vitest";
import { rawLineMistake } from "../../cli/build/load/raw-line.ts";
import { testConfig } from "../../cli/engine/index.ts";
import { describeWithEngine, nativeEngine } from "../harness/native-engine.ts";
import { temporaryFiles } from "../harness/temporary-files.ts";

/** Pieces that blocks and directives are made of, and some that only look so. */
const PIECES = [
  ...["location /a {", "location /b {", 'if ($uri = "b") {', "}", "}}", "{", "return 200;", "set $a b;", "set $a a}b;"],
  ...[
    "set $a 'x}y';",
    'set $a "{";',
    "set $a \\};",
    "set $a \\{;",
    "set $a ${b;",
    "set $a '",
    "';",
    '"',
    "\\",
    "#",
    " ",
  ],
];

const acceptedLine = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 })
  .map((pieces) => pieces.join(" "))
  .filter((line) => rawLineMistake(line) === undefined);

/**
 * After the line come a directive that only this very level allows, and one that nginx does not know: it must be the
 * one nginx stops at, unless the line itself means nothing to nginx.
 */
function confWith(line: string): string {
  const server = `set $b 1;\n${line}\nlocation = /after { return 204; }\nreached_the_end;\n`;
  return `events {}\nhttp {\nserver {\nlisten 127.0.0.1:1;\n${server}}\n}\n`;
}

const LINE_OF_PIECES = 6;

async function stoppedAt(line: string): Promise<{ at: number; message: string }> {
  const prefix = temporaryFiles({ "conf/nginx.conf": confWith(line), "logs/error.log": "" });
  const { output } = await testConfig(nativeEngine(), prefix);
  const message = /\[emerg\] .* in .*nginx\.conf:\d+/.exec(output)?.[0] ?? output;
  return { at: Number(/:(\d+)$/.exec(message)?.[1]), message };
}

describeWithEngine("raw nginx lines", () => {
  test("a line that is accepted stays within itself, as nginx reads it", async () => {
    let whole = 0;
    for (const line of fc.sample(acceptedLine, { numRuns: 120, seed: 7 })) {
      const { at, message } = await stoppedAt(line);
      if (message.includes('unknown directive "reached_the_end"')) whole++;
      else {
        expect(message, line).not.toContain("unexpected");
        expect(at, line).toBe(LINE_OF_PIECES);
      }
    }
    expect(whole).toBeGreaterThan(50);
  });

  test.each(["return 200; }", "location /x {", "set $a 'b;", "set $a b", "set $a b\\;", "set $a b # c;"])(
    "%s is refused, and nginx would read on over its end",
    async (line) => {
      expect(rawLineMistake(line)).toBeDefined();
      expect((await stoppedAt(line)).message).not.toContain("reached_the_end");
    },
  );
});
