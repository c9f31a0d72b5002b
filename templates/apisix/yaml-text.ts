import { Document, isScalar, visit } from "yaml";
import { AutoscaleError } from "../../cli/errors.ts";

/** Words, and those among them that a reader of YAML 1.1, or Lua, takes for something else than text. */
const WORD = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/;
const TAKEN = /^(?:y|n|yes|no|on|off|true|false|null|nil|inf|infinity|nan)$/;

/**
 * `value` as YAML for APISIX. Its reader takes a bare `on`, `1:20` or `inf` for something else than text, so every text is
 * in quotes, and every key that is not plainly a word.
 * @throws AutoscaleError when a text holds `${{`, which APISIX would replace by a variable of its environment
 */
export function yamlText(value: object): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== "string") return;
      refuseVariable(node.value);
      if (key !== "key") node.type = "QUOTE_DOUBLE";
    },
    Pair(_, { key }) {
      if (isScalar(key) && (!WORD.test(String(key.value)) || TAKEN.test(String(key.value)))) key.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}

function refuseVariable(text: string): void {
  if (!text.includes("${{")) return;
  throw new AutoscaleError({
    code: "E_APISIX_VALUE",
    message: `found ${JSON.stringify(text)}: APISIX replaces \${{…}} by a variable of its environment`,
    remedy: "Use a value without ${{.",
  });
}
