import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";

const MODULE = "autoscale.runtime.alert-rules";

/** As the build writes a rule. */
const rule = (more: object = {}) => ({
  match: [{ label: "alertname", pieces: ["Slow"] }],
  status: "any",
  target: { kind: "limit", id: [{ text: "users" }] },
  fields: { factor: 0.5 },
  undo: { factor: 1 },
  ttl_seconds: 60,
  ...more,
});

describe.skipIf(!hasLuaJit)(`alert rules in LuaJIT${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit(["nginx/runtime/alert-rules.ts"]);
  });
  afterAll(() => lua.stop());

  const actions = (rules: readonly object[], status: string, labels: Record<string, string>) =>
    lua.call(MODULE, "actionsFor", rules, { status, labels });

  test.each([
    ["Slow", "Slow", true],
    ["Slow", "Slower", false],
    ["", "", true],
    ["*", "", true],
    ["*", "anything", true],
    ["api-*", "api-", true],
    ["api-*", "xapi-1", false],
    ["*-1", "api-1", true],
    ["*-1", "api-12", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a*a", "a", false],
    ["ab*bc", "abc", false],
    ["a*b*b", "ab", false],
    ["%a+", "x", false],
    ["a.c", "abc", false],
  ])("%j on %j: %j", async (pattern, text, matches) => {
    expect(await lua.call(MODULE, "matchesPieces", pattern.split("*"), text)).toBe(matches);
  });

  test("a pattern is what the same regular expression is", async () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(letters, text, async (pattern, value) => {
        const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(value);
        expect(await lua.call(MODULE, "matchesPieces", pattern.split("*"), value)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test("firing does, resolved takes back; the reason names the alert", async () => {
    expect(await actions([rule()], "firing", { alertname: "Slow" })).toEqual([
      {
        rule: 0,
        kind: "limit",
        id: "users",
        fields: { factor: 0.5, ttl_seconds: 60, reason: "alert Slow is firing" },
      },
    ]);
    expect(await actions([rule()], "resolved", { alertname: "Slow" })).toEqual([
      { rule: 0, kind: "limit", id: "users", fields: { factor: 1, reason: "alert Slow is resolved" } },
    ]);
  });

  test("a status alone: nothing at the other, and no taking back", async () => {
    const resolved = rule({ status: "resolved" });
    expect(Object.keys((await actions([resolved], "firing", { alertname: "Slow" })) as object)).toEqual([]);
    expect(await actions([resolved], "resolved", { alertname: "Slow" })).toMatchObject([{ fields: { factor: 0.5 } }]);
  });

  test("every rule that matches, all labels of a rule; one that the alert lacks is empty", async () => {
    const both = rule({
      match: [
        { label: "alertname", pieces: ["S", ""] },
        { label: "severity", pieces: ["page"] },
      ],
    });
    const without = rule({ match: [{ label: "team", pieces: [""] }] });
    const found = await actions([rule(), both, without], "firing", { alertname: "Slow", severity: "page" });
    expect((found as { rule: number }[]).map((one) => one.rule)).toEqual([0, 1, 2]);
    const fewer = await actions([rule(), both, without], "firing", { alertname: "Slow", team: "x" });
    expect((fewer as { rule: number }[]).map((one) => one.rule)).toEqual([0]);
  });

  test("labels stand in for placeholders; one that is not there is told", async () => {
    const peer = rule({
      target: { kind: "peer", id: [{ label: "job" }], peer: [{ label: "instance" }] },
      reason: [{ text: "because of " }, { label: "job" }],
    });
    const labels = { alertname: "Slow", job: "users", instance: "10.0.0.1:80" };
    expect(await actions([peer], "firing", labels)).toMatchObject([
      { kind: "peer", id: "users", peer: "10.0.0.1:80", fields: { reason: "because of users" } },
    ]);
    expect(await actions([peer], "firing", { alertname: "Slow", job: "users" })).toMatchObject([
      { missing: "instance" },
    ]);
  });

  test("a reason is at most 200 bytes", async () => {
    const long = rule({ reason: [{ text: "x".repeat(199) }, { label: "alertname" }] });
    const [action] = (await actions([long], "firing", { alertname: "Slow" })) as { fields: { reason: string } }[];
    expect(action?.fields.reason).toBe(`${"x".repeat(199)}S`);
  });
});
