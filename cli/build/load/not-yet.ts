import { orWords } from "../../../plugins/_kit/schema/words.ts";
import type { Path } from "../../../plugins/_kit/schema/index.ts";
import type { Report } from "./found-problem.ts";

/**
 * Refuses fields of a record that a later release brings: every field but the supported ones. Saying so beats
 * building a gateway that silently lacks what was asked for.
 */
export function refuseNotYet(record: object, supported: readonly string[], keys: Path, report: Report): void {
  for (const field of Object.keys(record)) {
    if (!supported.includes(field)) reportNotYet(field, [...keys, field], supported, report);
  }
}

export function reportNotYet(found: string, keys: Path, supported: readonly string[], report: Report): void {
  const message = `found ${found}, which this release does not support yet, allowed: ${orWords(supported)}`;
  report({ code: "E_NOT_YET", keys, message, remedy: "Leave it out for now." });
}
