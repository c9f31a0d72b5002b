import { describe, expect, test } from "vitest";
import { changesBetween } from "./changes.ts";
import { delaySeconds } from "./polling.ts";
import { breakerSign, peerSign, sourceSign } from "./states.ts";
import { entriesOf, listOf } from "./status.ts";
import { verdictOf } from "./verdict.ts";

describe("states", () => {
  test("no two states of a kind look alike without color", () => {
    const shapes = ["closed", "half_open", "open", "forced_open"].map((state) => breakerSign(state).shape);
    expect(new Set(shapes).size).toBe(4);
    const peers = ["up", "drain", "down", "unhealthy", "ejected"];
    expect(new Set(peers.map((state) => peerSign(state).shape)).size).toBe(5);
    expect(new Set(["ok", "failing", "never"].map((state) => sourceSign(state).shape)).size).toBe(3);
  });

  test("a state of a newer gateway is shown as it is", () => {
    expect(breakerSign("ajar")).toEqual({ word: "ajar", tone: "unknown", shape: "ring" });
    expect(peerSign(undefined).word).toBe("unknown");
  });
});

describe("the verdict", () => {
  test("says that all is well, or what is not, the worst first", () => {
    expect(verdictOf({ breakers: { a: { state: "closed" } } })).toMatchObject({ word: "All well", tone: "good" });
    const upstreams = { u: { peers: { one: { state: "drain" }, two: { state: "down" } } } };
    const breakers = { a: { state: "open" }, b: { state: "forced_open" }, c: { state: "half_open" } };
    expect(verdictOf({ breakers, upstreams })).toMatchObject({
      word: "2 breakers open, 1 peer down, 1 breaker half open, 1 peer draining",
      tone: "bad",
    });
    expect(verdictOf({ breakers: { c: { state: "half_open" } } }).tone).toBe("wait");
  });

  test("tells of peers that health took out, of sources that fail, and first of upstreams that nobody answers for", () => {
    const sick = { one: { state: "unhealthy" }, two: { state: "ejected" }, three: { state: "ejected" } };
    const upstreams = {
      a: {
        peers: sick,
        peers_available: 3,
        panic: true,
        sources: { consul: { state: "failing" }, dns: { state: "ok" } },
      },
      b: { peers: {}, peers_available: 0, sources: { consul: { state: "never" } } },
      c: { peers: { four: { state: "up" } } },
    };
    expect(verdictOf({ upstreams })).toEqual({
      word: "1 upstream without a peer, 1 upstream in panic, 1 peer unhealthy, 2 peers ejected, 1 source failing",
      tone: "bad",
      shape: "cross",
    });
  });

  test("claims nothing of a gateway of which nothing is known", () => {
    expect(verdictOf({}).word).toBe("Running");
  });
});

describe("what is said aloud", () => {
  const peers = (state: string, why: string) => ({ u: { peers: { "10.0.0.1:80": { state, why } } } });

  test("is every change of a state", () => {
    const before = { breakers: { a: { state: "closed" } }, upstreams: peers("up", "") };
    const after = { breakers: { a: { state: "open", reason: "too many failures" } }, upstreams: peers("drain", "") };
    expect(changesBetween(before, after)).toEqual([
      "Breaker a is open: too many failures.",
      "Peer 10.0.0.1:80 of u is draining.",
    ]);
  });

  test("is a source that fails, too; of many changes a few are said", () => {
    const source = (state: string) => ({ u: { sources: { "dns a": { state, problem: "no answer" } } } });
    expect(changesBetween({ upstreams: source("ok") }, { upstreams: source("failing") })).toEqual([
      "Source dns a of u is failing: no answer.",
    ]);
    const many = (state: string) => ({
      u: { peers: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [String(index), { state }])) },
    });
    const said = changesBetween({ upstreams: many("up") }, { upstreams: many("ejected") });
    expect(said).toHaveLength(6);
    expect(said.at(-1)).toBe("995 more changed.");
  });

  test("is nothing when only figures change, and nothing of what is new", () => {
    const before = { breakers: { a: { state: "open", calls: 1 } } };
    expect(changesBetween(before, { breakers: { a: { state: "open", calls: 2 }, b: { state: "open" } } })).toEqual([]);
  });
});

test("parts of the answer may be absent, or empty in either way that Lua writes", () => {
  expect([entriesOf(undefined), entriesOf([] as never), entriesOf({})]).toEqual([[], [], []]);
  expect([listOf(undefined), listOf({} as never), listOf([1])]).toEqual([[], [], [1]]);
  expect(entriesOf({ b: 1, a: 2 })).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});

test("a gateway that is away is asked less and less often", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 60].map(delaySeconds)).toEqual([2, 2, 4, 8, 16, 30, 30, 30]);
});
