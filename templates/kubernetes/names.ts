/** Names that Kubernetes takes, made from names that people chose. */
import { createHash } from "node:crypto";

/** Room for what is put before it: KEDA writes `keda-hpa-` and the name into a label, which holds 63 characters. */
const LONGEST = 52;

const mark = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 6);

/**
 * One DNS label (RFC 1123) for each text, of at most 52 characters. A text that is one already stays as it is; where
 * two would become the same, the other one gets a hash of itself.
 */
export function dnsLabels(texts: readonly string[]): ReadonlyMap<string, string> {
  return distinctNames(texts, (text) => {
    const label = text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
    if (label === "") return `x-${mark(text)}`;
    return label.length > LONGEST ? `${label.slice(0, LONGEST - 7)}-${mark(text)}` : label;
  });
}

/** One key of a ConfigMap for each path: `lua/autoscale/gateway.lua` is `lua.autoscale.gateway.lua`. */
export function dataKeys(paths: readonly string[]): ReadonlyMap<string, string> {
  return distinctNames(paths, (path) => {
    const key = path.replace(/[^-._A-Za-z0-9]/g, ".").replace(/^\.+/, "");
    return key.length > 200 || key === "" ? `${mark(path)}.${key.slice(-190)}` : key;
  });
}

function distinctNames(texts: readonly string[], nameOf: (text: string) => string): ReadonlyMap<string, string> {
  const own = new Set(texts.filter((text) => nameOf(text) === text));
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(nameOf(text), (counts.get(nameOf(text)) ?? 0) + 1);
  return new Map(
    texts.map((text) => {
      const name = nameOf(text);
      const isAlone = counts.get(name) === 1;
      return [text, isAlone || own.has(text) ? name : `${name}-${mark(text)}`];
    }),
  );
}

/** A value of a label or of a selector: what Kubernetes says of label values. */
export function isLabelValue(text: string): boolean {
  return /^(?=.{1,63}$)[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/.test(text);
}
