import type { Plan } from "../../cli/build/target.ts";
import type { Schema } from "../../plugins/_kit/index.ts";
import { BALANCER } from "../_shared/balanced.ts";

/** Every text that gateway.yaml gives a field declared as secret. */
export function secretValues(plan: Plan): readonly string[] {
  const found = new Set<string>();
  const { token } = plan.gateway.admin ?? {};
  if (token !== undefined) found.add(token);
  const ofUpstreams = plan.gateway.upstreams.map(({ dynamic }) => ({ name: BALANCER, config: dynamic }));
  for (const { name, config } of [...plan.routes.flatMap(({ plugins }) => plugins), ...ofUpstreams]) {
    const schema = plan.manifests.get(name)?.config;
    if (schema !== undefined) collect(schema, config, false, found);
  }
  return [...found].filter((text) => text !== "");
}

function collect(schema: Schema, value: unknown, secretAbove: boolean, found: Set<string>): void {
  const secret = secretAbove || schema.secret === true;
  if (schema.kind === "either") {
    for (const branch of schema.branches) collect(branch, value, secret, found);
  } else if (schema.kind === "list" && Array.isArray(value)) {
    for (const item of value) collect(schema.item, item, secret, found);
  } else if (schema.kind === "map" && isObject(value)) {
    for (const item of Object.values(value)) collect(schema.value, item, secret, found);
  } else if (schema.kind === "record" && isObject(value)) {
    for (const [name, field] of Object.entries(schema.fields)) collect(field, value[name], secret, found);
  } else if (secret) {
    for (const text of textsIn(value)) found.add(text);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  return typeof value === "object" && value !== null && !Array.isArray(value);
};

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
