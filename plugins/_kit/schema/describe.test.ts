import { expect, test } from "vitest";
import { configTable, schema as s } from "./index.ts";

test("one row a field, nested ones by their path", () => {
  const schema = s.record({
    failure_rate: s.number({ default: 50, above: 0, max: 100, description: "Percent of calls that fail." }),
    scope: s.oneOf(["route", "a|b"], { default: "route", description: "What the breaker guards." }),
    open: s.record(
      { seconds: s.number({ default: 30, description: "How long it\n is open." }) },
      { description: "The open state of it." },
    ),
    targets: s.list(s.record({ host: s.string({ maxLength: 253, description: "The host of a peer." }) }), {
      maxItems: 5,
      description: "The peers there are.",
    }),
    labels: s.map(s.string({ expects: "a source", description: "Where a label is from." }), {
      default: {},
      description: "Labels by their name.",
    }),
    token: s.string({ secret: true, optional: true, deprecated: "use key", description: "The secret token." }),
  });
  expect(configTable(schema).split("\n")).toEqual([
    "| field | allowed | default | what it does |",
    "|---|---|---|---|",
    "| `failure_rate` | a number above 0 and at most 100 | `50` | Percent of calls that fail. |",
    '| `scope` | "route" or "a\\|b" | `"route"` | What the breaker guards. |',
    "| `open` | a record | as below | The open state of it. |",
    "| `open.seconds` | a number | `30` | How long it is open. |",
    "| `targets` | list of a record (at most 5) | required | The peers there are. |",
    "| `targets[].host` | text (at most 253) | required | The host of a peer. |",
    "| `labels` | map of a source | `{}` | Labels by their name. |",
    "| `token` | text | none | The secret token. Secret. Deprecated: use key. |",
  ]);
});

test("a list of records with the fields around it is not written out again", () => {
  const fields = { file: s.record({ path: s.string({ description: "Where the file is." }) }, { optional: true }) };
  const also = s.list(s.record(fields), { default: [], description: "More of the same." });
  expect(
    configTable(s.record({ ...fields, also }))
      .split("\n")
      .slice(2),
  ).toEqual([
    "| `file.path` | text | required | Where the file is. |",
    "| `also` | list of a record | `[]` | More of the same. |",
  ]);
});
