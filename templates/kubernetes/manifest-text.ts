import { Document, visit } from "yaml";

const HEAD = " Made by autoscale-lua from gateway.yaml; the next build writes it anew.";

/** What YAML 1.1 and 1.2 read from a block as it was written: they differ in what ends a line. */
const PLAIN_LINES =
  /^(?!\s)[\n\t\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*\n$/u;

/** Whether a reader of YAML gets this text back byte by byte. */
export const isPlainText = (text: string): boolean => PLAIN_LINES.test(text);

/**
 * One YAML document that readers of 1.1, as kubectl's, take as it is meant: text stands in quotes, or in a block where
 * it has several lines. What is undefined is left out; nothing is an anchor.
 */
export function manifestText(value: object): string {
  const plain = JSON.parse(JSON.stringify(value)) as object;
  const document = new Document(plain, { version: "1.1", aliasDuplicateObjects: false });
  document.commentBefore = HEAD;
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== "string") return;
      if (key === "key") {
        // Words that a version of YAML knows are put in quotes anyway; what looks like a number is not in each.
        if (!/^[A-Za-z]/.test(node.value)) node.type = "QUOTE_DOUBLE";
      } else {
        node.type = node.value.includes("\n") && isPlainText(node.value) ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
      }
    },
  });
  return document.toString({ lineWidth: 0, directives: false }).replace(LINE_ENDS, escaped);
}

/** What a reader of YAML 1.1 takes for the end of a line; it stands in quotes only, where it can be said otherwise. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
