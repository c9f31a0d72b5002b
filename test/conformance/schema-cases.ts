import breaker from "../../plugins/circuit-breaker/manifest.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import type { SchemaCase } from "./schema-case.ts";
import { BREAKER_CASES } from "./schema-cases-breaker.ts";
import { KIND_CASES } from "./schema-cases-kinds.ts";
import { schemaKinds } from "./schema-kinds.ts";

/** What every validator must say, of a stock plugin and of one that has every kind of field. */
export const SCHEMA_CASES: readonly SchemaCase[] = [...BREAKER_CASES, ...KIND_CASES];

/** The plugins of the cases by name. */
export const SCHEMA_CASE_PLUGINS: Readonly<Record<string, Manifest>> = {
  "circuit-breaker": breaker,
  "schema-kinds": schemaKinds,
};
