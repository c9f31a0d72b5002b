/** A gateway.yaml that a document shows. */
export interface Listing {
  /** From 1: where the listing begins in its document. */
  readonly line: number;
  readonly text: string;
}

/** The listings of a Markdown file that hold the upstreams of a gateway. Fragments without routes get one. */
export function gatewayListings(markdown: string): readonly Listing[] {
  const fences = [...markdown.matchAll(/^( *)```ya?ml[^\n]*\n([\s\S]*?)^ *```/gm)];
  return fences
    .map(({ 1: indent = "", 2: body = "", index }) => {
      const text = body.replaceAll(new RegExp(`^${indent}`, "gm"), "");
      return { line: markdown.slice(0, index).split("\n").length + 1, text };
    })
    .filter(({ text }) => /^upstreams:/m.test(text))
    .map(({ line, text }) => ({ line, text: withRoute(text) }));
}

function withRoute(text: string): string {
  if (/^routes:/m.test(text)) return text;
  const upstream = /^upstreams:[^\n]*\n(?:\s*#[^\n]*\n)*\s+([\w-]+):/m.exec(text)?.[1] ?? "";
  return `${text}routes: [{ name: listing, path: /, upstream: ${upstream} }]\n`;
}

/** Values for the variables of a listing that have no default. */
export function environmentOf(text: string): Readonly<Record<string, string>> {
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, name.includes("PORT") ? "8080" : "from-the-environment"]));
}
