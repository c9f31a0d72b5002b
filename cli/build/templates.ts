import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import { identifier, integer, luaValue, nginxLiteral, nginxString, nginxTime } from "./quote.ts";
import type { RenderTemplate } from "./target.ts";

/**
 * The helpers are the only way for a value into a file. A template that writes a value bare is refused by
 * `templates.test.ts`.
 */
const helpers = {
  /** nginx string; `$` refused. */
  str: (value: unknown) => nginxString(String(value)),
  /** nginx string where `$` has no meaning: location names, regexes. */
  lit: (value: unknown) => nginxLiteral(String(value)),
  /** Bare name. */
  id: (value: unknown) => identifier(String(value)),
  int: (value: unknown) => integer(Number(value)),
  time: (value: unknown) => nginxTime(Number(value)),
  /** Lua expression. */
  lua: (value: unknown) => luaValue(value),
  /** A line of the operator's own, checked when gateway.yaml was loaded: the documented last resort. */
  raw: (value: unknown) => String(value),
};

function read(folder: URL, name: string): string {
  return readFileSync(fileURLToPath(new URL(`${name}.hbs`, folder)), "utf8");
}

const OPTIONS = { strict: true, noEscape: true, knownHelpersOnly: false } as const;

/** Handlebars' strict mode looks at `{{name}}` alone; here it holds for the arguments of helpers too. */
class StrictArguments extends Handlebars.Visitor {
  override PathExpression(path: hbs.AST.PathExpression & { strict?: boolean }): void {
    path.strict = true;
  }
}

function compile(handlebars: typeof Handlebars, text: string): Handlebars.TemplateDelegate {
  const tree = handlebars.parse(text);
  new StrictArguments().accept(tree);
  return handlebars.compile(tree, OPTIONS);
}

function registerPartials(handlebars: typeof Handlebars, folder: URL): void {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".hbs"))) {
    const name = file.slice(0, -".hbs".length);
    handlebars.registerPartial(name, compile(handlebars, read(folder, name)));
  }
}

/**
 * Reads templates below `folder` (a file URL ending in `/`) and renders them: strict lookups, no HTML escaping. Partials
 * are those in its folder `partials/` and those that all targets share.
 */
export function templateRenderer(folder: URL): RenderTemplate {
  const handlebars = Handlebars.create();
  for (const [name, helper] of Object.entries(helpers)) handlebars.registerHelper(name, helper);
  registerPartials(handlebars, new URL("../_shared/", folder));
  registerPartials(handlebars, new URL("partials/", folder));
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  return (name, data) => {
    let template = compiled.get(name);
    if (template === undefined) {
      template = compile(handlebars, read(folder, name));
      compiled.set(name, template);
    }
    return template(data, { allowedProtoProperties: {}, allowedProtoMethods: {} });
  };
}
