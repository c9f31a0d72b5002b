import { firstBytes, withoutFirst } from "../_core/byte-cut.ts";
import { parseDigits } from "../_core/text.ts";
import type { Context } from "../_kit/context.ts";

/** Reads the value of a label from the request; undefined where it has none. */
export type ReadLabel = (this: void, context: Context) => string | undefined;

/** `header`, `query`, `path` or `body`, and what follows the colon. */
export interface LabelSource {
  readonly kind: string;
  readonly name: string;
}

export function labelSource(text: string): LabelSource {
  const colon = text.indexOf(":");
  return { kind: firstBytes(text, colon), name: withoutFirst(text, colon + 1) };
}

/** The `wanted`-th part of a path between slashes, from 1; undefined when there are not so many. */
export function pathSegment(path: string, wanted: number): string | undefined {
  let start = path.indexOf("/");
  for (let i = 1; i < wanted && start >= 0; i++) {
    start = path.indexOf("/", start + 1);
  }
  if (start < 0) {
    return undefined;
  }
  const end = path.indexOf("/", start + 1);
  const rest = withoutFirst(path, start + 1);
  return end < 0 ? rest : firstBytes(rest, end - start - 1);
}

/** Of a source other than the body. */
export function readerOf(source: LabelSource): ReadLabel {
  const name = source.name;
  if (source.kind === "header") {
    return (context) => context.header(name);
  }
  if (source.kind === "query") {
    return (context) => context.query(name);
  }
  const wanted = parseDigits(name) ?? 1;
  return (context) => pathSegment(context.path(), wanted);
}
