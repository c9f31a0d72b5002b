import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PeerOverride } from "../_kit/balancer.ts";
import { createPeerSet, type PeerSet } from "./peer-set.ts";
import type { PeerEntry } from "./peer.ts";

const NOW = 1000;

const entry = (host: string, more: Partial<PeerEntry> = {}): PeerEntry => ({
  host,
  port: 80,
  weight: 1,
  priority: 0,
  ...more,
});
const entries = (count: number): PeerEntry[] =>
  Array.from({ length: count }, (_one, index) => entry(`10.0.0.${String(index)}`));

interface Rig {
  readonly set: PeerSet;
  readonly sick: Set<string>;
  readonly overrides: Map<string, PeerOverride>;
}

function rig(panicThreshold = 0, zone?: string): Rig {
  const sick = new Set<string>();
  const overrides = new Map<string, PeerOverride>();
  const judges = {
    override: (key: string) => overrides.get(key),
    isWell: (key: string) => !sick.has(key),
  };
  return { set: createPeerSet({ judges, zone, panicThreshold }, {}), sick, overrides };
}

const availableOf = (set: PeerSet): string[] =>
  set
    .peers()
    .filter(({ available }) => available)
    .map(({ key }) => key);
const drained: PeerOverride = { state: "drain", until: NOW + 60, reason: "" };

describe("the set of peers", () => {
  it("keeps the object of a peer that stays, whatever else comes and goes", () => {
    const { set } = rig();
    set.replace(entries(3), NOW, true);
    const kept = set.find("10.0.0.1:80");
    if (kept !== undefined) kept.latencySeconds = 0.5;
    expect(set.replace([entry("10.0.0.9"), entry("10.0.0.1", { weight: 5 })], NOW, false)).toBe(true);
    expect(set.find("10.0.0.1:80")).toBe(kept);
    expect(kept).toMatchObject({ latencySeconds: 0.5, index: 1, entry: { weight: 5 } });
    expect(set.find("10.0.0.0:80")).toBeUndefined();
  });

  it("lets those that left take no requests, whoever still knows them", () => {
    const { set } = rig();
    set.replace(entries(2), NOW, true);
    const [left, stays] = set.peers();
    set.replace(entries(2).slice(1), NOW, false);
    expect([left?.available, stays?.available]).toEqual([false, true]);
  });

  it("takes one address once, and says when nothing changed", () => {
    const { set } = rig();
    set.replace([entry("10.0.0.1"), entry("10.0.0.1", { weight: 9 })], NOW, true);
    expect(set.peers().map(({ entry: { weight } }) => weight)).toEqual([1]);
    expect(set.replace([entry("10.0.0.1")], NOW, false)).toBe(false);
  });

  it("writes IPv6 in brackets", () => {
    const { set } = rig();
    set.replace([entry("fd00::1")], NOW, true);
    expect(set.peers()[0]?.key).toBe("[fd00::1]:80");
  });

  it("leaves out what people took out, in panic too", () => {
    const { set, overrides, sick } = rig(50);
    set.replace(entries(4), NOW, true);
    overrides.set("10.0.0.0:80", drained);
    for (const key of ["10.0.0.1:80", "10.0.0.2:80"]) sick.add(key);
    set.refresh(NOW);
    expect([set.inPanic(), set.taking(), set.available()]).toEqual([true, 3, 3]);
    expect(availableOf(set)).toEqual(["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"]);
    for (const { key } of set.peers()) overrides.set(key, drained);
    set.refresh(NOW);
    expect([set.inPanic(), set.taking(), set.available(), availableOf(set)]).toEqual([false, 0, 0, []]);
  });

  it("heeds health as long as half are well, and not below", () => {
    const { set, sick } = rig(50);
    set.replace(entries(4), NOW, true);
    sick.add("10.0.0.0:80").add("10.0.0.1:80");
    set.refresh(NOW);
    expect(availableOf(set)).toEqual(["10.0.0.2:80", "10.0.0.3:80"]);
    sick.add("10.0.0.2:80");
    set.refresh(NOW);
    expect(availableOf(set)).toHaveLength(4);
  });

  it("without a panic threshold nobody is left when all are sick", () => {
    const { set, sick } = rig(0);
    set.replace(entries(2), NOW, true);
    for (const { key } of set.peers()) sick.add(key);
    set.refresh(NOW);
    expect([set.taking(), set.available(), set.inPanic()]).toEqual([2, 0, false]);
  });

  it("uses one that its source drains only where no other is left", () => {
    const { set } = rig(50);
    set.replace([entry("10.0.0.0", { draining: true }), entry("10.0.0.1"), entry("10.0.0.2")], NOW, true);
    expect(availableOf(set)).toEqual(["10.0.0.1:80", "10.0.0.2:80"]);
    set.replace(
      [entry("10.0.0.0", { draining: true }), entry("10.0.0.1", { draining: true }), entry("10.0.0.2")],
      NOW,
      false,
    );
    expect([availableOf(set), set.inPanic()]).toEqual([["10.0.0.2:80"], false]);
    set.replace([entry("10.0.0.0", { draining: true })], NOW, false);
    expect(availableOf(set)).toEqual(["10.0.0.0:80"]);
  });

  it("notes when a peer came or recovered, but not who was there at the start", () => {
    const { set, sick } = rig(0);
    set.replace(entries(2), NOW, true);
    set.replace([...entries(2), entry("10.0.0.9")], NOW + 5, false);
    const since = (): (number | undefined)[] => set.peers().map(({ sinceSeconds }) => sinceSeconds);
    expect(since()).toEqual([0, 0, NOW + 5]);
    sick.add("10.0.0.1:80");
    set.refresh(NOW + 10);
    sick.clear();
    set.refresh(NOW + 20);
    expect(since()).toEqual([0, NOW + 20, NOW + 5]);
  });

  it("has a level for each priority, those of its own zone first", () => {
    const { set } = rig(0, "a");
    const far = { zone: "b" };
    set.replace(
      [
        entry("10.0.0.0", { priority: 1 }),
        entry("10.0.0.1", far),
        entry("10.0.0.2", { zone: "a" }),
        entry("10.0.0.3", { priority: 1, ...far }),
        entry("10.0.0.4"),
      ],
      NOW,
      true,
    );
    expect(set.levels().map(({ all }) => all.map(({ index }) => index))).toEqual([[2, 4], [1], [0], [3]]);
  });

  it("keeps its books in any order of events", () => {
    const host = fc.integer({ min: 0, max: 9 });
    const event = fc.oneof(
      fc.record({ kind: fc.constant("set"), hosts: fc.uniqueArray(host) }),
      fc.record({ kind: fc.constantFrom("sick", "well", "drain", "up"), hosts: fc.uniqueArray(host) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.integer({ min: 0, max: 100 }), (events, threshold) => {
        const { set, sick, overrides } = rig(threshold);
        for (const { kind, hosts } of events) {
          const keys = hosts.map((one) => `10.0.0.${String(one)}:80`);
          if (kind === "sick") for (const key of keys) sick.add(key);
          if (kind === "well") for (const key of keys) sick.delete(key);
          if (kind === "drain") for (const key of keys) overrides.set(key, drained);
          if (kind === "up") for (const key of keys) overrides.delete(key);
          if (kind === "set")
            set.replace(
              hosts.map((one) => entry(`10.0.0.${String(one)}`)),
              NOW,
              false,
            );
          else set.refresh(NOW);

          const peers = set.peers();
          const taking = peers.filter(({ key }) => !overrides.has(key));
          const well = taking.filter(({ key }) => !sick.has(key));
          const inPanic = well.length * 100 < threshold * taking.length;
          expect(set.taking()).toBe(taking.length);
          expect(availableOf(set).sort()).toEqual((inPanic ? taking : well).map(({ key }) => key).sort());
          expect(set.levels().flatMap(({ available }) => available)).toHaveLength(set.available());
          peers.forEach((peer, index) => {
            expect([peer.index, set.find(peer.key)]).toEqual([index, peer]);
          });
        }
      }),
    );
  });
});
