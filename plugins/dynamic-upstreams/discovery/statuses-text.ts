/** What the worker that discovers knows of its sources, as text for the others, who show it to people. */
import type { Json, JsonValue } from "../../_kit/ports.ts";
import type { SourceStatus } from "./federation.ts";
import { fieldOf, listOrOne, textField } from "./json-shape.ts";

export function encodeStatuses(statuses: readonly SourceStatus[], json: Json): string {
  const encoded: JsonValue[] = [];
  for (const { name, state, sinceSeconds, problem, note, count } of statuses) {
    encoded.push({ name, state, sinceSeconds, problem, note, count });
  }
  return json.encode(encoded);
}

function decodeStatus(value: unknown): SourceStatus | undefined {
  const name = textField(value, "name");
  const state = fieldOf(value, "state");
  const sinceSeconds = fieldOf(value, "sinceSeconds");
  const count = fieldOf(value, "count");
  if (name === undefined || typeof sinceSeconds !== "number" || typeof count !== "number") {
    return undefined;
  }
  if (state !== "ok" && state !== "failing" && state !== "never") {
    return undefined;
  }
  const status: { -readonly [Name in keyof SourceStatus]: SourceStatus[Name] } = { name, state, sinceSeconds, count };
  const problem = textField(value, "problem");
  const note = textField(value, "note");
  if (problem !== undefined) {
    status.problem = problem;
  }
  if (note !== undefined) {
    status.note = note;
  }
  return status;
}

/** What cannot be read is left out. */
export function decodeStatuses(text: string, json: Json): readonly SourceStatus[] {
  const statuses: SourceStatus[] = [];
  for (const value of listOrOne(json.decode(text))) {
    const status = decodeStatus(value);
    if (status !== undefined) {
      statuses.push(status);
    }
  }
  return statuses;
}
