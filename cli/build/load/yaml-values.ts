import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Path } from "../../../plugins/_kit/schema/index.ts";
import { quote } from "../../../plugins/_kit/schema/path.ts";
import { expand, retype, type Environment } from "./environment.ts";
import type { Report } from "./found-problem.ts";
import { NO_CHILDREN, type Spot } from "./positions.ts";

/** A plain JSON value and where each part of it stands. Records have no prototype: every key is just a name. */
export interface Read {
  readonly value: unknown;
  readonly spot: Spot;
}

/** So many values may come from aliases; more is a mistake or an attack. What is written out is bounded by the file. */
const MAX_ALIASED = 50_000;
const MAX_DEPTH = 64;

/**
 * Turns YAML nodes into plain values: aliases followed, `<<` merged, environment filled in. A placeholder can only
 * become text (or, unquoted and alone, a number or boolean), never structure.
 */
export function readValues(root: Node | null, environment: Environment, report: Report): Read {
  return new Reader(environment, report).read(root, [], 0);
}

class Reader {
  readonly #environment: Environment;
  readonly #report: Report;
  readonly #anchors = new Map<string, Node>();
  #aliased = 0;
  /** Above 0 inside what an alias stands for: its anchors were seen before. */
  #aliasDepth = 0;
  #gaveUp = false;

  constructor(environment: Environment, report: Report) {
    this.#environment = environment;
    this.#report = report;
  }

  read(node: Node | null, path: Path, keyOffset: number | undefined): Read {
    const at = { offset: node?.range?.[0] ?? keyOffset ?? 0, ...(keyOffset === undefined ? {} : { keyOffset }) };
    const empty = { value: null, spot: { ...at, children: NO_CHILDREN } };
    if (this.#aliasDepth > 0) this.#aliased++;
    if (this.#aliased > MAX_ALIASED || path.length > MAX_DEPTH) {
      this.#reportTooMuch(path);
      return empty;
    }
    if (node === null) return empty;
    if (isAlias(node)) return this.#readAlias(node.source, path, at);
    if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return { value: this.#scalar(node, path), spot: { ...at, children: NO_CHILDREN } };
    if (isSeq(node)) return this.#readList(node, path, at);
    if (isMap(node)) return this.#readRecord(node, path, at);
    return empty;
  }

  #readAlias(name: string, path: Path, at: Omit<Spot, "children">): Read {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) {
      const message = `found *${name}, but no &${name} stands before it`;
      this.#report({ code: "E_YAML_ALIAS", keys: path, message });
      return { value: null, spot: { ...at, children: NO_CHILDREN } };
    }
    this.#aliasDepth++;
    const { value, spot } = this.read(anchor, path, at.keyOffset);
    this.#aliasDepth--;
    return { value, spot: { ...spot, offset: at.offset } };
  }

  #readList(node: YAMLSeq, path: Path, at: Omit<Spot, "children">): Read {
    const items = node.items.map((item, index) => this.read(item as Node | null, [...path, index], undefined));
    const children = new Map(items.map(({ spot }, index) => [index, spot] as const));
    return { value: items.map(({ value }) => value), spot: { ...at, children } };
  }

  #readRecord(node: YAMLMap, path: Path, at: Omit<Spot, "children">): Read {
    const entries = new Map<string, Read & { readonly merged: boolean }>();
    for (const pair of node.items) {
      const key = pair.key as Node | null;
      const value = pair.value as Node | null;
      const keyOffset = key?.range?.[0] ?? at.offset;
      const name = keyName(key);
      if (name === undefined) {
        const message = "found a key that is a list, a record or an alias, allowed: a name";
        this.#report({ code: "E_YAML_KEY", keys: path, message, offset: keyOffset });
      } else if (name === "<<" && (key as Scalar).type === "PLAIN") {
        for (const [merged, read] of this.#merged(value, path)) {
          if (!entries.has(merged)) entries.set(merged, { ...read, merged: true });
        }
      } else if (entries.get(name)?.merged === false) {
        const message = `found ${quote(name)} a second time in one record`;
        this.#report({ code: "E_YAML_DUPLICATE_KEY", keys: [...path, name], message, offset: keyOffset });
      } else {
        entries.set(name, { ...this.read(value, [...path, name], keyOffset), merged: false });
      }
    }
    const result = Object.create(null) as Record<string, unknown>;
    for (const [name, { value }] of entries) result[name] = value;
    return { value: result, spot: { ...at, children: new Map([...entries].map(([name, { spot }]) => [name, spot])) } };
  }

  /** The entries `<<` brings: of one record, or of a list of them where the first one wins. */
  #merged(node: Node | null, path: Path): ReadonlyMap<string, Read> {
    const { value, spot } = this.read(node, path, undefined);
    const entries = new Map<string, Read>();
    const sources = Array.isArray(value)
      ? value.map((item: unknown, index) => [item, spot.children.get(index)] as const)
      : [[value, spot] as const];
    for (const [source, sourceSpot] of sources) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) {
        const message = "found << with something that is no record, allowed: *name or a list of *name";
        this.#report({ code: "E_YAML_MERGE", keys: path, message, offset: spot.offset });
        continue;
      }
      for (const [name, child] of sourceSpot?.children ?? []) {
        if (typeof name === "string" && !entries.has(name)) {
          entries.set(name, { value: (source as Record<string, unknown>)[name], spot: child });
        }
      }
    }
    return entries;
  }

  #scalar(node: Scalar, path: Path): unknown {
    if (typeof node.value !== "string") return plainScalar(node.value);
    const { text, whole, unset, malformed } = expand(node.value, this.#environment);
    for (const name of new Set(unset)) {
      const message = `found \${${name}}, but the environment has no ${name}`;
      const remedy = `Set ${name}, or give a default: \${${name}:-default}.`;
      this.#report({ code: "E_ENV_UNSET", keys: path, message, remedy });
    }
    if (malformed !== undefined) {
      const message = `found ${quote(malformed)}, allowed: \${NAME} or \${NAME:-default}`;
      this.#report({ code: "E_ENV_SYNTAX", keys: path, message, remedy: "Write $${ where a plain ${ is meant." });
    }
    return whole && node.type === "PLAIN" ? retype(text) : text;
  }

  /** Once: what follows is more of the same. */
  #reportTooMuch(path: Path): void {
    if (this.#gaveUp) return;
    this.#gaveUp = true;
    const deep = path.length > MAX_DEPTH;
    const message = deep
      ? `nested deeper than ${MAX_DEPTH} levels`
      : `more than ${MAX_ALIASED} values come from aliases`;
    const remedy = "Look for an alias that repeats itself.";
    this.#report({ code: "E_YAML_TOO_MUCH", keys: path.slice(0, 8), message, remedy });
  }
}

/** Keys are names, also when they look like numbers. */
function keyName(key: Node | null): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === "string") return key.value;
  return key.source ?? String(key.value);
}

/** `!!binary` and the like make values JSON does not know; they count as missing. */
function plainScalar(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}
