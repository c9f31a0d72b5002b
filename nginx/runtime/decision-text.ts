import type { DecisionEvent, StoreValue } from "../../plugins/_kit/ports.ts";
import { jsonText } from "./json-text.ts";

/** One line of error.log holds 2048 bytes, its head included; what does not fit is left out of the inputs first. */
const MAX_BYTES = 1800;
const MAX_INPUTS = 20;
const MAX_NAME = 64;
const MAX_SUBJECT = 160;
const MAX_REASON = 240;

function isContinuation(byte: number): boolean {
  return byte >= 128 && byte < 192;
}

/** At most `bytes` of `text`, not ending within a character of UTF-8; control characters become spaces. */
function cut(text: string, bytes: number): string {
  const [plain] = string.gsub(text, "%c", " ");
  if (plain.length <= bytes) {
    return plain;
  }
  let end = bytes;
  // A byte whose bits begin with 10 continues a character: do not cut before one.
  while (end > 0 && isContinuation(string.byte(plain, end + 1))) {
    end -= 1;
  }
  return `${string.sub(plain, 1, end)}…`;
}

function fewInputs(inputs: DecisionEvent["inputs"]): Record<string, StoreValue> {
  const few: Record<string, StoreValue> = {};
  let count = 0;
  for (const [name, value] of pairs(inputs)) {
    if (count < MAX_INPUTS) {
      few[cut(tostring(name), MAX_NAME)] = type(value) === "string" ? cut(value as string, MAX_NAME) : value;
      count += 1;
    }
  }
  return few;
}

function lineOf(event: DecisionEvent, time: number, inputs: DecisionEvent["inputs"]): string {
  return jsonText({
    time,
    event: "decision",
    plugin: cut(event.plugin, MAX_NAME),
    subject: cut(event.subject, MAX_SUBJECT),
    from: cut(event.from, MAX_NAME),
    to: cut(event.to, MAX_NAME),
    reason: cut(event.reason, MAX_REASON),
    inputs,
  });
}

/** A decision as one line of JSON that never grows beyond 1800 bytes. */
export function decisionText(event: DecisionEvent, time: number): string {
  const text = lineOf(event, time, fewInputs(event.inputs));
  return text.length <= MAX_BYTES ? text : lineOf(event, time, {});
}
