import { firstBytes, withoutFirst } from "../_core/byte-cut.ts";
import { pathSegment } from "../_core/path-segment.ts";
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
