/** Where a value stands, from the root: record and map keys are strings, list positions numbers from 0. */
export type Path = readonly (string | number)[];

/** `routes[0].plugins.circuit-breaker.failure_rate`; unusual keys are quoted: `labels["a b"]`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (!/^[A-Za-z0-9_-]+$/.test(key)) text += `[${quote(key)}]`;
    else text += text === "" ? key : `.${key}`;
  }
  return text;
}

/** A string as shown to people: quoted, on one line, shortened, with nothing invisible in it. */
export function quote(text: string): string {
  const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(short).replace(INVISIBLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const MAX_SHOWN = 60;

/** Controls, line separators, text direction marks and the byte order mark, which JSON leaves as they are. */
const INVISIBLE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
