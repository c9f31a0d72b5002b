import { anything, clock } from "../model/format.ts";
import type { Decision } from "../model/status.ts";
import { at, copyOf, find, setText } from "./dom.ts";
import { keyedList, type Shown } from "./keyed-list.ts";

/** The table of the last decisions. @returns shows these; undefined: the gateway does not tell */
export function decisions(): (list: readonly Decision[] | undefined) => void {
  const section = find(document, "#decisions", HTMLElement);
  const table = find(section, "table", HTMLTableElement);
  const show = keyedList(find(table, "tbody", HTMLElement), row);
  return (list) => {
    section.hidden = list === undefined;
    if (list === undefined) return;
    find(section, ".empty", HTMLElement).hidden = list.length > 0;
    table.hidden = list.length === 0;
    show(keyed(list));
  };
}

/** A decision has no id: what it says is one, and a number tells apart those that say the same. */
function keyed(list: readonly Decision[]): readonly (readonly [string, Decision])[] {
  const times = new Map<string, number>();
  // From the oldest, so that a new one of the same words does not rename those that are there.
  return [...list]
    .reverse()
    .map((decision) => {
      const { time, plugin, subject, from, to } = decision;
      const text = JSON.stringify([time, plugin, subject, from, to]);
      const before = times.get(text) ?? 0;
      times.set(text, before + 1);
      return [`${text}${String(before)}`, decision] as const;
    })
    .reverse();
}

function row(): Shown<Decision> {
  const element = copyOf("decision-row");
  const details = find(element, "details", HTMLDetailsElement);
  let filled = false;
  return {
    element,
    update: (decision) => {
      // What was decided does not change any more.
      if (filled) return;
      filled = true;
      const { time, plugin, subject, from, to, reason, inputs } = decision;
      setText(at(element, "time"), clock(time));
      setText(at(element, "subject"), subject ?? "");
      setText(at(element, "plugin"), plugin ?? "");
      setText(
        at(element, "change"),
        [from, to]
          .filter((state) => state !== undefined)
          .map(words)
          .join(" → "),
      );
      setText(at(element, "reason"), reason ?? "");
      const facts = Object.entries(inputs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      details.hidden = facts.length === 0;
      at(element, "inputs").replaceChildren(...facts.flatMap(([name, value]) => fact(name, value)));
    },
  };
}

/** `half_open` reads as two words. */
function words(state: string): string {
  return state.replaceAll("_", " ");
}

function fact(name: string, value: unknown): readonly HTMLElement[] {
  const term = document.createElement("dt");
  const meaning = document.createElement("dd");
  setText(term, words(name));
  setText(meaning, anything(value));
  return [term, meaning];
}
