import { LineCounter, parseDocument, type YAMLError } from "yaml";
import type { Path } from "../../../plugins/_kit/schema/index.ts";
import type { Environment } from "./environment.ts";
import type { FoundProblem } from "./found-problem.ts";
import { offsetOf } from "./positions.ts";
import { readValues } from "./yaml-values.ts";

export interface YamlDocument {
  readonly value: unknown;
  /** Line and column, from 1, of what stands at these keys. */
  lineOf(keys: Path, atKey: boolean): Line;
  readonly problems: readonly PlacedProblem[];
}

export interface Line {
  readonly line: number;
  readonly column: number;
}

export type PlacedProblem = FoundProblem & Line;

/** Reads one YAML document. With a syntax error there is no value, as nothing after it can be trusted. */
export function readYaml(text: string, environment: Environment): YamlDocument {
  const lines = new LineCounter();
  // Our own reader finds doubled keys, in linear time and after environment and merge keys.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, schema: "core" });
  const place = (offset: number): Line => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken !== undefined) {
    const problem = { ...syntaxProblem(broken, text), ...place(broken.pos[0]) };
    return { value: undefined, lineOf: () => place(0), problems: [problem] };
  }
  const found: FoundProblem[] = [];
  const { value, spot } = readValues(document.contents, environment, (problem) => found.push(problem));
  const lineOf = (keys: Path, atKey: boolean): Line => place(offsetOf(spot, keys, atKey));
  const problems = found.map((problem) => {
    const { offset, ...rest } = problem;
    return { ...rest, ...(offset === undefined ? lineOf(problem.keys, problem.atKey ?? false) : place(offset)) };
  });
  return { value, lineOf, problems };
}

function syntaxProblem(error: YAMLError, text: string): FoundProblem {
  const code = "E_YAML_SYNTAX";
  const message = SENTENCES[error.code] ?? firstLine(error.message);
  const remedy = syntaxRemedy(error, text);
  return { code, keys: [], message, ...(remedy === undefined ? {} : { remedy }) };
}

/** Where the library speaks to programmers, say it to the author of the file. */
const SENTENCES: Words = {
  TAB_AS_INDENT: "found a tab as indentation, allowed: spaces",
  MULTIPLE_DOCS: "found a second document, allowed: one",
  RESOURCE_EXHAUSTION: "nested too deeply to be read",
};

const REMEDIES: Words = {
  TAB_AS_INDENT: "Indent with spaces.",
  MULTIPLE_DOCS: "Remove what follows the line --- or put it in a file of its own.",
  BAD_SCALAR_START: "Put the value in quotes.",
  BLOCK_AS_IMPLICIT_KEY: 'Start a new line, or put text that holds ": " in quotes.',
  BAD_DQ_ESCAPE: "Write \\\\ for a backslash, or use single quotes.",
  TAG_RESOLVE_FAILED: "Remove the tag.",
};

type Words = Readonly<Partial<Record<YAMLError["code"], string>>>;

function syntaxRemedy(error: YAMLError, text: string): string | undefined {
  const lineStart = text.lastIndexOf("\n", error.pos[0] - 1) + 1;
  const line = text.slice(lineStart).split("\n", 1)[0] ?? "";
  return /[[{].*\$\{/.test(line)
    ? "Inside [ ] and { } put ${NAME} in quotes, where it is text; for a number give the field a line of its own."
    : REMEDIES[error.code];
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0] ?? message;
  return line.replace(/^Missing closing (["'])quote$/, "found no closing $1");
}
