/**
 * One declaration of a configuration gives its TypeScript type, its validation with defaults, its JSON Schema and
 * its table in the README: `import { schema as s, type Infer } from "autoscale-lua"`.
 */
export * as schema from "./builders.ts";
export { configTable } from "./describe.ts";
export type { Infer } from "./infer.ts";
export { toJsonSchema, type JsonSchema } from "./json-schema.ts";
export { nearest } from "./nearest.ts";
export { formatPath, type Path } from "./path.ts";
export { problemMessage, problemRemedy, type SchemaCode, type SchemaProblem, type SchemaWarning } from "./problem.ts";
export type * from "./types.ts";
export { validate, type Validation } from "./validate.ts";
