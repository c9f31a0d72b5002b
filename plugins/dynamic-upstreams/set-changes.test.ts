import fc from "fast-check";
import { expect, test } from "vitest";
import { type PeerEntry, peerKey, sameEntry } from "./peer.ts";
import { setChanges } from "./set-changes.ts";

const peer = (last: number, more: Partial<PeerEntry> = {}): PeerEntry => {
  return { host: `10.0.0.${String(last)}`, port: 80, weight: 1, priority: 0, ...more };
};

test("one that was exchanged for another is told, by name", () => {
  expect(setChanges([peer(1), peer(2)], [peer(2), peer(3)])).toEqual({
    added: 1,
    removed: 1,
    changed: 0,
    text: "1 came (10.0.0.3:80), 1 went (10.0.0.1:80)",
  });
});

test("a peer with another weight, priority, zone or word about draining has changed; another port is another peer", () => {
  for (const more of [{ weight: 2 }, { priority: 1 }, { zone: "a" }, { draining: true }]) {
    expect(setChanges([peer(1)], [peer(1, more)]).text).toBe("1 changed (10.0.0.1:80)");
  }
  expect(setChanges([peer(1)], [peer(1, { port: 81 })]).text).toBe("1 came (10.0.0.1:81), 1 went (10.0.0.1:80)");
});

test("three are named, of more the rest is counted", () => {
  const three = [peer(1), peer(2), peer(3)];
  expect(setChanges([], three).text).toBe("3 came (10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:80)");
  expect(setChanges([...three, peer(4), peer(5)], []).text).toBe("5 went (10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:80, …)");
});

test("another order alone is nothing", () => {
  expect(setChanges([peer(1), peer(2)], [peer(2), peer(1)]).text).toBe("");
});

test("whatever the sets, the counts are those of the sets", () => {
  const entry = fc.record({ last: fc.nat(8), weight: fc.integer({ min: 1, max: 2 }) });
  const set = fc
    .uniqueArray(entry, { selector: ({ last }) => last, maxLength: 9 })
    .map((entries) => entries.map(({ last, weight }) => peer(last, { weight })));
  fc.assert(
    fc.property(set, set, (before, now) => {
      const keys = (entries: readonly PeerEntry[]) => new Map(entries.map((one) => [peerKey(one.host, one.port), one]));
      const [old, fresh] = [keys(before), keys(now)];
      const stayed = [...old].filter(([key]) => fresh.has(key));
      expect(setChanges(before, now)).toMatchObject({
        added: fresh.size - stayed.length,
        removed: old.size - stayed.length,
        changed: stayed.filter(([key, was]) => !sameEntry(was, fresh.get(key) ?? was)).length,
      });
    }),
  );
});
