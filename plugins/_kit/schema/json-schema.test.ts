import { expect, test } from "vitest";
import { schema as s, toJsonSchema } from "./index.ts";

test("each kind in the words of JSON Schema", () => {
  const schema = s.record(
    {
      name: s.string({ pattern: "^[a-z]+$", minLength: 1, maxLength: 9, description: "A required name." }),
      rate: s.number({ default: 0.5, above: 0, below: 1, description: "A rate with default." }),
      calls: s.integer({ min: 1, max: 9, optional: true, description: "An optional count." }),
      on: s.boolean({ default: true, deprecated: "use mode", description: "Whether it is on." }),
      mode: s.oneOf(["a", 1, false], { default: "a", description: "One of three things." }),
      tags: s.list(s.string({ description: "One of the tags." }), {
        minItems: 1,
        maxItems: 2,
        unique: true,
        default: ["x"],
        description: "One or two tags.",
      }),
      limits: s.map(s.integer({ description: "The limit of one." }), {
        keyPattern: "^[a-z]$",
        minEntries: 1,
        maxEntries: 2,
        description: "Limits by name.",
      }),
      open: s.record({ seconds: s.number({ default: 30, description: "How long it is." }) }),
      workers: s.either(
        [s.oneOf(["auto"], { description: "As many as cores." }), s.integer({ description: "So many of them." })],
        {
          default: "auto",
          description: "How many workers.",
        },
      ),
      token: s.string({ secret: true, optional: true, description: "The secret token." }),
      rest: s.anything({ optional: true, description: "Whatever it may be." }),
    },
    { description: "All kinds in one record." },
  );
  expect(toJsonSchema(schema)).toEqual({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    description: "All kinds in one record.",
    additionalProperties: false,
    required: ["name", "limits"],
    properties: {
      name: { type: "string", pattern: "^[a-z]+$", minLength: 1, maxLength: 9, description: "A required name." },
      rate: {
        type: "number",
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.5,
        description: "A rate with default.",
      },
      calls: { type: "integer", minimum: 1, maximum: 9, description: "An optional count." },
      on: { type: "boolean", default: true, deprecated: true, description: "Whether it is on. Deprecated: use mode." },
      mode: { enum: ["a", 1, false], default: "a", description: "One of three things." },
      tags: {
        type: "array",
        items: { type: "string", description: "One of the tags." },
        minItems: 1,
        maxItems: 2,
        uniqueItems: true,
        default: ["x"],
        description: "One or two tags.",
      },
      limits: {
        type: "object",
        additionalProperties: { type: "integer", description: "The limit of one." },
        propertyNames: { pattern: "^[a-z]$" },
        minProperties: 1,
        maxProperties: 2,
        description: "Limits by name.",
      },
      open: {
        type: "object",
        properties: { seconds: { type: "number", default: 30, description: "How long it is." } },
        additionalProperties: false,
      },
      workers: {
        anyOf: [
          { enum: ["auto"], description: "As many as cores." },
          { type: "integer", description: "So many of them." },
        ],
        default: "auto",
        description: "How many workers.",
      },
      token: { type: "string", writeOnly: true, description: "The secret token." },
      rest: { description: "Whatever it may be." },
    },
  });
});
