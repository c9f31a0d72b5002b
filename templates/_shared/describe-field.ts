import type { Schema } from "../../plugins/_kit/index.ts";

/** Kong takes no longer description. */
const MAX_LENGTH = 500;

/** What a field is for, with what to use instead of it; undefined when its own fields tell. */
export function fieldDescription({ description, deprecated }: Schema): string | undefined {
  const text = deprecated === undefined ? description : `${description} Deprecated: ${deprecated}.`.trim();
  return text === "" ? undefined : text.slice(0, MAX_LENGTH);
}
