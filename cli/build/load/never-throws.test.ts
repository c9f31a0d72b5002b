import fc from "fast-check";
import { expect, test } from "vitest";
import { AutoscaleError, formatProblem } from "../../errors.ts";
import { parseSample } from "../../../test/harness/gateway-sample.ts";
import { fullGateway, hostileValues } from "../../../test/harness/hostile-values.ts";

const BLOCK = `# A gateway
listen:
  - port: \${PORT}
    tls: { certificate: certs/site.pem, key: certs/site.key }
timeouts: &fast { connect: 1 }
upstreams:
  users:
    targets: ["127.0.0.1:9000", { host: "::1", port: 80 }]
    timeouts:
      <<: *fast
      read: 5
routes:
  - name: users
    path: ~ ^/users/[0-9]+$
    upstream: users
    plugins: { circuit-breaker: { failure_rate: 50 } }
nginx: { http: ["map $uri $x { default 1; }"] }
`;

/** Whatever the text: a gateway, or an AutoscaleError whose problems stand inside the text. */
function outcome(text: string): "loaded" | "refused" {
  try {
    parseSample(text).locate(["routes", 0, "plugins"]);
    return "loaded";
  } catch (error) {
    if (!(error instanceof AutoscaleError)) throw error;
    const lines = text.split(/\r?\n|\r/);
    expect(error.problems.length).toBeGreaterThan(0);
    for (const problem of error.problems) {
      expect(problem.code).toMatch(/^E_[A-Z_]+$/);
      expect(problem.line).toBeGreaterThanOrEqual(1);
      expect(problem.line).toBeLessThanOrEqual(lines.length + 1);
      expect(problem.column).toBeGreaterThanOrEqual(1);
      expect(formatProblem(problem).split("\n").length).toBeLessThanOrEqual(2);
    }
    return "refused";
  }
}

test("the texts that are mutated are valid", () => {
  expect(outcome(BLOCK)).toBe("loaded");
  expect(outcome(fullGateway())).toBe("loaded");
});

test("any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => void outcome(text)),
    { numRuns: 300 },
  );
});

test("any YAML-looking text", () => {
  const piece = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<",
    "?",
    "|",
    ">",
    "#",
    "'",
    '"',
    "!!str ",
    "---",
    "\t",
    "${",
    "}",
    ",",
    "%YAML 1.1",
    "1",
    "...",
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, (yaml) => void outcome(yaml)),
    { numRuns: 1000 },
  );
});

test("any JSON", () => {
  fc.assert(
    fc.property(fc.json(), (text) => void outcome(text)),
    { numRuns: 300 },
  );
});

test("a valid file with a piece cut out and another put in", () => {
  const text = fc.constantFrom(BLOCK, fullGateway());
  const insert = fc.oneof(fc.constantFrom("", ...hostileValues), fc.string({ unit: "binary", maxLength: 5 }));
  const property = fc.property(text, fc.nat(), fc.nat(12), insert, (valid, at, length, added) => {
    const start = at % valid.length;
    outcome(valid.slice(0, start) + added + valid.slice(start + length));
  });
  fc.assert(property, { numRuns: 300 });
});

test("a valid value replaced by any other at any place", () => {
  const places = pathsOf(JSON.parse(fullGateway()), []);
  const property = fc.property(fc.constantFrom(...places), fc.jsonValue(), (path, value) => {
    outcome(JSON.stringify(replaceAt(JSON.parse(fullGateway()), path, value)));
  });
  fc.assert(property, { numRuns: 300 });
});

test.each([
  ["deep lists", "[".repeat(5000)],
  ["deep lists, closed", `${"[".repeat(2000)}${"]".repeat(2000)}`],
  ["deep records", "{a: ".repeat(3000)],
  ["deep block records", Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ["many keys", Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join("\n")],
  ["many aliases", `a: &a [1]\nb: [${"*a, ".repeat(60_000)}]`],
])("%s end in time", (_, text) => {
  expect(outcome(text)).toBe("refused");
});

function pathsOf(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

function replaceAt(root: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const holder = root as Record<string, unknown>;
  holder[key] = replaceAt(holder[key], rest, value);
  return root;
}
