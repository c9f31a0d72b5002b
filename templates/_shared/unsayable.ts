import { AutoscaleError, type Problem } from "../../cli/errors.ts";
import type { Schema } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";

/** What a host's schema cannot say of one field, and what to do instead. */
export type Unsayable = Required<Pick<Problem, "message" | "remedy">>;

/**
 * Refuses a plugin whose configuration the host's own validator could not check.
 * @param code `E_SCHEMA_KONG` or `E_SCHEMA_APISIX`
 * @param ask what is wrong with one field; its path is like `open.seconds`, `targets[].host` or `labels.*`
 * @throws AutoscaleError that names every such field
 */
export function refuseUnsayable(
  code: string,
  manifest: Manifest,
  config: Schema,
  ask: (schema: Schema, path: string) => Unsayable | undefined,
): void {
  const problems = fieldsOf(config, "").flatMap(([path, schema]): Problem[] => {
    const found = ask(schema, path);
    return found === undefined
      ? []
      : [{ code, path: path === "" ? manifest.name : `${manifest.name}.${path}`, ...found }];
  });
  if (problems.length > 0) throw new AutoscaleError(problems);
}

/** A rule written in a record runs in Node only: every host says the same of it. */
export function recordRule(schema: Schema): Unsayable | undefined {
  if (schema.kind !== "record" || schema.check === undefined) return undefined;
  return {
    message: "found a record with a `check` of its own, which no gateway can run",
    remedy: "Move the rule to the plugin's check.ts, which is compiled.",
  };
}

function fieldsOf(schema: Schema, path: string): (readonly [string, Schema])[] {
  switch (schema.kind) {
    case "record": {
      const prefix = path === "" ? "" : `${path}.`;
      const inner = Object.entries(schema.fields).flatMap(([name, field]) => fieldsOf(field, prefix + name));
      return [[path, schema], ...inner];
    }
    case "list":
      return [[path, schema], ...fieldsOf(schema.item, `${path}[]`)];
    case "map":
      return [[path, schema], ...fieldsOf(schema.value, `${path}.*`)];
    case "either":
      return [[path, schema], ...schema.branches.flatMap((branch) => fieldsOf(branch, path))];
    default:
      return [[path, schema]];
  }
}
