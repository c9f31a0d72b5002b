import { dirname } from "node:path";
import { formatPath, problemMessage, problemRemedy, validate, type Path } from "../../../plugins/_kit/schema/index.ts";
import type { SchemaProblem } from "../../../plugins/_kit/schema/index.ts";
import { AutoscaleError, type Problem } from "../../errors.ts";
import type { Gateway } from "../model.ts";
import type { Environment } from "./environment.ts";
import type { FoundProblem } from "./found-problem.ts";
import { gatewaySchema } from "./gateway-schema.ts";
import { resolveGateway } from "./resolve-gateway.ts";
import type { FileKind } from "./site.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

export interface Place {
  /** As shown to people. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface LoadedGateway {
  readonly gateway: Gateway;
  /** Where something is written: its value, or with `atKey` its key. What is not written stands where its parent does. */
  locate(keys: Path, atKey?: boolean): Place;
  readonly warnings: readonly Problem[];
}

export interface ParseOptions {
  /** Absolute path of gateway.yaml: relative paths in it start from its folder. */
  readonly file: string;
  /** The file's name in messages. */
  readonly shownFile: string;
  readonly env: Environment;
  /** What lies at an absolute path. */
  readonly kindOf: (path: string) => FileKind;
}

/**
 * Reads the text of a gateway.yaml. Throws an AutoscaleError with all problems of the first stage that finds some:
 * the YAML itself, then each field, then how fields fit together.
 */
export function parseGateway(text: string, options: ParseOptions): LoadedGateway {
  const document = readYaml(text, options.env);
  const at = (keys: Path, atKey = false): Place => ({ file: options.shownFile, ...document.lineOf(keys, atKey) });
  const fail = (found: readonly FoundProblem[]): never => {
    throw new AutoscaleError(placed(found, document, options.shownFile));
  };
  if (document.problems.length > 0) fail(document.problems);
  if (document.value === null) fail([EMPTY]);
  const checked = validate(gatewaySchema, document.value);
  if (!checked.ok) return fail(checked.problems.map(foundProblem));
  const found: FoundProblem[] = [];
  const site = {
    folder: dirname(options.file),
    kindOf: options.kindOf,
    report: (one: FoundProblem) => found.push(one),
  };
  const gateway = resolveGateway(checked.value, options.file, site);
  if (found.length > 0) fail(found);
  const warnings = checked.warnings.map(({ code, path, instead }): FoundProblem => {
    return { code, keys: path, message: `is deprecated: ${instead}`, atKey: true };
  });
  return { gateway, locate: at, warnings: placed(warnings, document, options.shownFile) };
}

const EMPTY: FoundProblem = {
  code: "E_FILE_EMPTY",
  keys: [],
  message: "found nothing but comments or space",
  remedy: "autoscale-lua init writes an example to start from.",
};

function foundProblem(problem: SchemaProblem): FoundProblem {
  const remedy = problemRemedy(problem);
  return {
    code: problem.code,
    keys: problem.path,
    message: problemMessage(problem),
    ...(remedy === undefined ? {} : { remedy }),
    ...(problem.atKey === true ? { atKey: true } : {}),
  };
}

/** With file, line and column, in the order of the file. */
function placed(found: readonly FoundProblem[], document: YamlDocument, file: string): readonly Problem[] {
  const problems = found.map((problem) => {
    const { code, keys, message, remedy, atKey } = problem;
    const place = "line" in problem ? (problem as Place & FoundProblem) : document.lineOf(keys, atKey ?? false);
    const path = formatPath(keys);
    return {
      code,
      file,
      line: place.line,
      column: place.column,
      ...(path === "" ? {} : { path }),
      message,
      ...(remedy === undefined ? {} : { remedy }),
    };
  });
  return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}
