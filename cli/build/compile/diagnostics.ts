import ts from "typescript";
import type { Problem } from "../../errors.ts";
import { displayPath } from "./display-path.ts";

/** `E_PLUGIN_TYPE`: TypeScript refuses the source. `E_PLUGIN_LUA`: it has no equivalent in Lua. */
export type CompileCode = "E_PLUGIN_TYPE" | "E_PLUGIN_LUA";

/** A compiler's diagnostic as a problem with its position. */
export function toProblem(diagnostic: ts.Diagnostic, code: CompileCode): Problem {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ").replace(/\s*\n\s*/g, " ");
  if (diagnostic.file === undefined) return { code, message };
  return { code, ...positionOf(diagnostic.file, diagnostic.start ?? 0), message };
}

/** File, line and column of an offset, as problems carry them. */
export function positionOf(file: ts.SourceFile, offset: number): Required<Pick<Problem, "file" | "line" | "column">> {
  const { line, character } = file.getLineAndCharacterOfPosition(offset);
  return { file: displayPath(file.fileName), line: line + 1, column: character + 1 };
}

/** True for TypeScriptToLua's own findings, false for TypeScript's. */
export function isFromLua(diagnostic: ts.Diagnostic): boolean {
  return diagnostic.source === "typescript-to-lua";
}
