import { expect, test } from "vitest";
import { configTable } from "../../../plugins/_kit/schema/index.ts";
import { gatewayJsonSchema, gatewaySchema } from "./gateway-schema.ts";

test("the editor's schema knows every field and asks for upstreams and routes", () => {
  const schema = gatewayJsonSchema() as { properties: Record<string, unknown>; required: string[] };
  expect(Object.keys(schema.properties)).toEqual(Object.keys(gatewaySchema.fields));
  expect(schema.required).toEqual(["upstreams", "routes"]);
  expect(schema).toMatchObject({
    additionalProperties: false,
    properties: { admin: { properties: { token: { writeOnly: true } } } },
  });
});

test("the editor's schema is plain JSON", () => {
  expect(JSON.parse(JSON.stringify(gatewayJsonSchema()))).toEqual(gatewayJsonSchema());
});

test("a plugin's configuration is left open there", () => {
  expect(gatewayJsonSchema()).toMatchObject({
    properties: { plugins: { additionalProperties: { anyOf: [{ enum: [false] }, { type: "object" }] } } },
  });
});

test("the table of fields has a row for each", () => {
  const table = configTable(gatewaySchema);
  for (const field of [
    "listen[].tls.certificate",
    "upstreams.*.targets[].weight",
    "routes[].path",
    "timeouts.connect",
  ]) {
    expect(table).toContain(`| \`${field}\` |`);
  }
});
