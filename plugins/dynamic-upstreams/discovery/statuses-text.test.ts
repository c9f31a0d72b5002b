import fc from "fast-check";
import { expect, it } from "vitest";
import { json } from "../../../test/harness/discovery-rig.ts";
import type { SourceStatus } from "./federation.ts";
import { decodeStatuses, encodeStatuses } from "./statuses-text.ts";

const STATUSES: readonly SourceStatus[] = [
  { name: "one", state: "ok", sinceSeconds: 1_700_000_000.5, note: "1 left out: no port", count: 3 },
  { name: "two", state: "failing", sinceSeconds: 1_700_000_100, problem: "timeout", count: 0 },
  { name: "three", state: "never", sinceSeconds: 0, count: 7 },
];

it("is read as it was written", () => {
  expect(decodeStatuses(encodeStatuses(STATUSES, json), json)).toEqual(STATUSES);
  expect(decodeStatuses(encodeStatuses([], json), json)).toEqual([]);
});

it("leaves out what is no status, and throws at nothing", () => {
  const text = '[5, {"name": "a"}, {"name": "a", "state": "new", "sinceSeconds": 1, "count": 1}]';
  expect(decodeStatuses(text, json)).toEqual([]);
  const near = fc.dictionary(
    fc.constantFrom("name", "state", "sinceSeconds", "count"),
    fc.oneof(fc.jsonValue(), fc.constant("ok")),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(near).map((value) => JSON.stringify(value)),
      ),
      (text) => {
        decodeStatuses(text, json);
      },
    ),
  );
});
