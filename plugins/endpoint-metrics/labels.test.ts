import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeContext, type FakeRequest } from "../../test/harness/fake-context.ts";
import { fakeNode, fakeWorker } from "../../test/harness/fake-host.ts";
import { validate } from "../_kit/schema/index.ts";
import type { Config } from "./config.ts";
import { pathSegment } from "../_core/path-segment.ts";
import { cappedValues } from "./label-values.ts";
import { labelReader, type LabelReader } from "./labels.ts";
import manifest from "./manifest.ts";

function configOf(written: object): Config {
  const result = validate(manifest.config, written);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function reader(labels: Record<string, string>, values: object = {}): LabelReader {
  const made = labelReader(configOf({ labels, label_values: values }), fakeWorker(fakeNode()).host);
  if (made === undefined) throw new Error("no labels");
  return made;
}

/** Access and log of one request. */
function extraOf(labels: LabelReader, request: FakeRequest): string {
  const context = fakeContext(request);
  labels.access(context);
  return labels.extra(context);
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

describe("where values come from", () => {
  test("none configured: no reader", () => {
    expect(labelReader(configOf({}), fakeWorker(fakeNode()).host)).toBeUndefined();
  });

  test("all sources, in the order of the labels' names", () => {
    const labels = reader({
      tenant: "header:X-Tenant",
      version: "query:v",
      area: "path:2",
      model: "body:model",
      user: "body:meta.user",
    });
    const request = {
      path: "/v1/users/7",
      headers: { ...JSON_TYPE, "x-tenant": "acme" },
      query: { v: "2" },
      body: '{"model":"gpt-4o","meta":{"user":12}}',
    };
    const expected = ',area="users",model="gpt-4o",tenant="acme",user="12",version="2"';
    expect(extraOf(labels, request)).toBe(expected);
  });

  test("what is missing is empty", () => {
    const labels = reader({ a: "header:A", b: "query:b", c: "path:9", d: "body:d" });
    expect(extraOf(labels, {})).toBe(',a="",b="",c="",d=""');
  });

  test.each([
    ["not JSON by its type", { headers: { "content-type": "text/plain" }, body: '{"model":"a"}' }],
    ["not JSON by its text", { headers: JSON_TYPE, body: '{"model":' }],
    ["too large", { headers: JSON_TYPE, body: JSON.stringify({ model: "a", more: "x".repeat(65_536) }) }],
    ["without the field", { headers: JSON_TYPE, body: '{"models":["a"]}' }],
    ["with null", { headers: JSON_TYPE, body: '{"model":null}' }],
    ["with an object", { headers: JSON_TYPE, body: '{"model":{"a":1}}' }],
    ["absent", { headers: JSON_TYPE }],
  ])("a body %s has an empty label", (_title, request) => {
    expect(extraOf(reader({ model: "body:model" }), request)).toBe(',model=""');
  });

  test("the body is read only for a label of it, and only when it is JSON", () => {
    const plain = fakeContext({ headers: { "content-type": "text/plain" } });
    reader({ model: "body:model" }).access(plain);
    const other = fakeContext({ headers: JSON_TYPE, body: "{}" });
    reader({ tenant: "header:X-Tenant" }).access(other);
    expect([...plain.reads, ...other.reads]).not.toContain("requestBody");
  });

  test("a request that never reached access has no body label, and none of the request before", () => {
    const labels = reader({ model: "body:model" });
    const context = fakeContext({ headers: JSON_TYPE, body: '{"model":"gpt-4o"}' });
    labels.access(context);
    expect(labels.bodyModel(context)).toBe("gpt-4o");
    expect(labels.extra(context)).toBe(',model="gpt-4o"');
    expect(labels.bodyModel(context)).toBeUndefined();
    expect(labels.extra(context)).toBe(',model=""');
  });

  test("segments of a path", () => {
    const segments = (path: string): unknown[] => [1, 2, 3].map((wanted) => pathSegment(path, wanted));
    expect(segments("/a/bc/d")).toEqual(["a", "bc", "d"]);
    expect(segments("/a/")).toEqual(["a", "", undefined]);
    expect(segments("/")).toEqual(["", undefined, undefined]);
    expect(segments("*")).toEqual([undefined, undefined, undefined]);
  });
});

describe("which values there are", () => {
  test("values are cut", () => {
    const labels = reader({ t: "header:T" }, { max_length: 3 });
    expect(extraOf(labels, { headers: { t: "abcdef" } })).toBe(',t="abc"');
  });

  test("all but the allowed ones are other", () => {
    const labels = reader({ t: "header:T" }, { allow: { t: ["acme", 'a"b'] } });
    const extras = ["acme", "evil", 'a"b', ""].map((t) => extraOf(labels, { headers: { t } }));
    expect(extras).toEqual([',t="acme"', ',t="other"', ',t="a\\"b"', ',t=""']);
  });

  test("after so many values new ones are other, in all instances of a worker together", () => {
    const { host } = fakeWorker(fakeNode());
    const config = configOf({ labels: { t: "header:T" }, label_values: { max_values: 2 } });
    const instances = [labelReader(config, host), labelReader(config, host)];
    const extras = ["a", "b", "c", "a"].map((t, turn) => {
      const labels = instances[turn % 2];
      return labels === undefined ? undefined : extraOf(labels, { headers: { t } });
    });
    expect(extras).toEqual([',t="a"', ',t="b"', ',t="other"', ',t="a"']);
  });

  test("values that were not met for a turn free their places", () => {
    const values = cappedValues("t", 64, 2);
    const meet = (...raw: string[]): string[] => raw.map((value) => values.fragment(value));
    expect(meet("a", "b", "c")).toEqual([',t="a"', ',t="b"', ',t="other"']);
    values.turn();
    expect(meet("a", "c")).toEqual([',t="a"', ',t="other"']);
    values.turn();
    expect(meet("c", "b", "a")).toEqual([',t="c"', ',t="other"', ',t="a"']);
  });
});

/** As Prometheus reads labels. */
const LABELS = /^(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*$/;

test("hostile values stay inside their quotes", () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((list) => Buffer.from(list).toString("latin1"));
  const value = fc.oneof(bytes, fc.string({ unit: fc.constantFrom('"', "\\", "\n", "\r", "}", " ", ",", "=", "é") }));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 10 }), (requests) => {
      const labels = reader({ one: "header:One", two: "body:two" }, { max_values: 5, max_length: 64 });
      const seen = new Set<string>();
      for (const [one, two] of requests) {
        const headers = { ...JSON_TYPE, one };
        const extra = extraOf(labels, { headers, body: JSON.stringify({ two }) });
        expect(extra).toMatch(LABELS);
        expect(Buffer.from(extra, "latin1").toString("utf8")).not.toContain("\ufffd");
        expect(extra.length).toBeLessThan(300);
        seen.add(extra.slice(0, extra.indexOf(",two=")));
      }
      // Five values, "" and other.
      expect(seen.size).toBeLessThanOrEqual(7);
    }),
    { numRuns: 1000 },
  );
});
