import { expect, test } from "vitest";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { apisixJsonSchema } from "../../templates/apisix/json-schema.ts";
import { jsonValidator, type JsonVerdict } from "../harness/json-schema-validator.ts";
import { SCHEMA_CASE_PLUGINS, SCHEMA_CASES } from "./schema-cases.ts";

/** As the plugin's `check_schema`: the schema, then the rule over several fields. */
function judge(manifest: Manifest): (config: unknown) => JsonVerdict {
  const validate = jsonValidator(apisixJsonSchema(manifest));
  return (config) => {
    const verdict = validate(config);
    if (!("value" in verdict)) return verdict;
    const { mode: _, ...own } = verdict.value as Record<string, unknown>;
    const wrong = manifest.check?.(own);
    return wrong === undefined ? verdict : { path: "", message: wrong };
  };
}

const judges = Object.fromEntries(Object.values(SCHEMA_CASE_PLUGINS).map((each) => [each.name, judge(each)]));

test.each(SCHEMA_CASES)("JSON Schema, $plugin: $title", ({ plugin, config, good, bad, apisixAt, passes }) => {
  const verdict = judges[plugin]?.(config);
  if (good !== undefined) expect(verdict).toEqual({ value: good });
  else if (passes?.apisix !== undefined) expect(verdict).toHaveProperty("value");
  else expect(verdict).toHaveProperty("path", apisixAt ?? bad);
});
