import { describe, expect, it } from "vitest";
import type { SourceConfig } from "../config.ts";
import { createFederation } from "./federation.ts";

const PLAIN: SourceConfig = { weight: 1, priority: 0, allow_empty: false };
const peer = (host: string, weight = 1) => ({ host, port: 80, weight, priority: 0 });
const EMPTY = "it lists no peer; with allow_empty: true that would be an answer";

function two(first: Partial<SourceConfig> = {}) {
  const members = [
    { name: "one", settings: { ...PLAIN, ...first } },
    { name: "two", settings: PLAIN },
  ];
  return createFederation([peer("10.0.0.1")], members);
}

/** Two sources that have both answered. */
function running(first: Partial<SourceConfig> = {}) {
  const federation = two(first);
  federation.report(0, { peers: [peer("10.0.0.2")] }, 100);
  federation.report(1, { peers: [peer("10.0.0.3")] }, 100);
  return federation;
}

const hosts = (federation: ReturnType<typeof two>) => federation.peers().map(({ host }) => host);

describe("a federation", () => {
  it("has its fixed peers before any source has answered", () => {
    const federation = two();
    expect(hosts(federation)).toEqual(["10.0.0.1"]);
    expect(federation.sets()).toEqual([]);
    expect(federation.statuses()).toEqual([
      { name: "one", state: "never", sinceSeconds: 0, count: 0 },
      { name: "two", state: "never", sinceSeconds: 0, count: 0 },
    ]);
  });

  it("is all that its sources have, in their order", () => {
    const federation = two();
    expect(federation.report(1, { peers: [peer("10.0.0.3")] }, 100)).toBe(true);
    expect(federation.report(0, { peers: [peer("10.0.0.2")] }, 101)).toBe(true);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(federation.sets()).toEqual([
      { name: "one", peers: [peer("10.0.0.2")] },
      { name: "two", peers: [peer("10.0.0.3")] },
    ]);
  });

  it("tells whether something changed, and gives the same list until then", () => {
    const federation = running();
    const before = federation.peers();
    expect(federation.report(0, { peers: [peer("10.0.0.2")] }, 101)).toBe(false);
    expect(federation.peers()).toBe(before);
    expect(federation.report(0, { peers: [peer("10.0.0.2", 2)] }, 102)).toBe(true);
    expect(federation.peers()[1]).toEqual(peer("10.0.0.2", 2));
  });

  it("keeps the last good set of a source that fails, and of it alone", () => {
    const federation = running();
    expect(federation.report(0, { problem: "connection refused" }, 110)).toBe(false);
    expect(federation.report(1, { peers: [peer("10.0.0.4")] }, 111)).toBe(true);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.4"]);
    expect(federation.statuses()).toEqual([
      { name: "one", state: "failing", sinceSeconds: 110, problem: "connection refused", count: 1 },
      { name: "two", state: "ok", sinceSeconds: 100, count: 1 },
    ]);
  });

  it("takes an empty answer for an outage", () => {
    const federation = running();
    expect(federation.report(0, { peers: [] }, 110)).toBe(false);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(federation.statuses()[0]).toMatchObject({ state: "failing", problem: EMPTY });
    federation.report(0, { peers: [], note: "1 left out: it has no port" }, 111);
    expect(federation.statuses()[0]?.problem).toBe(`${EMPTY} (1 left out: it has no port)`);
  });

  it("believes an empty answer where that is allowed, and keeps that there is nobody", () => {
    const federation = running({ allow_empty: true });
    expect(federation.report(0, { peers: [] }, 110)).toBe(true);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.3"]);
    expect(federation.statuses()[0]).toEqual({ name: "one", state: "ok", sinceSeconds: 100, count: 0 });
    expect(federation.sets()[0]).toEqual({ name: "one", peers: [] });
  });

  it("takes an answer without peers and without a problem for a problem", () => {
    const federation = running();
    federation.report(0, {}, 110);
    expect(federation.statuses()[0]?.problem).toBe("it has no answer");
  });

  it("says since when a source is as it is", () => {
    const federation = running();
    const since = (): number | undefined => federation.statuses()[0]?.sinceSeconds;
    federation.report(0, { peers: [peer("10.0.0.9")] }, 105);
    expect(since()).toBe(100);
    federation.report(0, { problem: "timeout" }, 110);
    federation.report(0, { problem: "connection refused" }, 120);
    expect(since()).toBe(110);
    federation.report(0, { peers: [peer("10.0.0.9")] }, 130);
    expect([since(), federation.statuses()[0]?.problem]).toEqual([130, undefined]);
  });

  it("shows what of an answer could not be used, until the next good one", () => {
    const federation = running();
    federation.report(0, { peers: [peer("10.0.0.2")], note: "3 left out: no port" }, 105);
    federation.report(0, { problem: "timeout" }, 106);
    expect(federation.statuses()[0]).toMatchObject({ problem: "timeout", note: "3 left out: no port" });
    federation.report(0, { peers: [peer("10.0.0.2")] }, 107);
    expect(federation.statuses()[0]).not.toHaveProperty("note");
  });

  it("does not know more sources than it has", () => {
    expect(two().report(2, { peers: [peer("10.0.0.9")] }, 100)).toBe(false);
  });
});

describe("sets that were kept", () => {
  it("stand for their sources until these answer, each by itself", () => {
    const federation = two();
    expect(federation.restore(running().sets())).toBe(true);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(federation.statuses()[0]).toEqual({ name: "one", state: "never", sinceSeconds: 0, count: 1 });
    federation.report(0, { problem: "connection refused" }, 200);
    federation.report(1, { peers: [peer("10.0.0.8")] }, 200);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.8"]);
    expect(federation.sets().map(({ name }) => name)).toEqual(["one", "two"]);
  });

  it("of sources that are not there any more are not used", () => {
    const federation = two();
    expect(federation.restore([{ name: "three", peers: [peer("10.0.0.9")] }])).toBe(false);
    expect(hosts(federation)).toEqual(["10.0.0.1"]);
  });

  it("that are as before are no change: so a worker follows another one", () => {
    const follower = two();
    const leader = running();
    expect([follower.restore(leader.sets()), follower.restore(leader.sets())]).toEqual([true, false]);
    const before = follower.peers();
    leader.report(0, { peers: [peer("10.0.0.2", 9)] }, 105);
    expect(follower.restore(leader.sets())).toBe(true);
    expect(follower.peers()).not.toBe(before);
    expect(follower.peers()).toEqual(leader.peers());
  });

  it("may say that there is nobody", () => {
    const federation = running({ allow_empty: true });
    expect(federation.restore([{ name: "one", peers: [] }])).toBe(true);
    expect(hosts(federation)).toEqual(["10.0.0.1", "10.0.0.3"]);
  });
});
