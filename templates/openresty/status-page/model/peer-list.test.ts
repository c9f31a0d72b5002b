import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_PEERS, peerList } from "./peer-list.ts";
import type { PeerStatus } from "./status.ts";

const many = (count: number, other: Readonly<Record<string, PeerStatus>> = {}): Record<string, PeerStatus> => ({
  ...Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`10.0.0.${String(index).padStart(4, "0")}:80`, { state: "up" }]),
  ),
  ...other,
});

const names = (peers: Readonly<Record<string, PeerStatus>>, wanted = ""): string[] =>
  peerList({ peers }, wanted).shown.map(([name]) => name);

test("what needs a look stands first, each kind by name", () => {
  const peers = {
    a: { state: "up" },
    b: { state: "drain" },
    c: { state: "ejected" },
    d: { state: "novel" },
    e: { state: "up", override_until: 9 },
    f: { state: "down" },
    g: { state: "unhealthy" },
  };
  expect(names(peers).join("")).toBe("cfgbdea");
  const numbers = { "10.0.0.10:80": { state: "up" }, "10.0.0.9:8080": { state: "up" }, "10.0.0.9:80": { state: "up" } };
  expect(names(numbers)).toEqual(["10.0.0.9:80", "10.0.0.9:8080", "10.0.0.10:80"]);
});

test("of thousands a few are shown, and the others counted", () => {
  const { shown, rest, searchable } = peerList({ peers: many(5000, { zz: { state: "down" } }) }, "");
  expect(shown).toHaveLength(MOST_PEERS);
  expect(shown[0]?.[0]).toBe("zz");
  expect([rest, searchable]).toEqual(["And 4,981 more peers.", true]);
  const sick = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`z${String(index)}`, { state: "ejected" }]),
  );
  expect(peerList({ peers: many(100, sick) }, "").rest).toBe("And 110 more peers, 10 of them in trouble.");
});

test("a few are all shown, and nobody needs to look for one", () => {
  expect(peerList({ peers: many(MOST_PEERS) }, "")).toMatchObject({ rest: "", searchable: false });
  expect(peerList({ peers: many(MOST_PEERS + 1) }, "")).toMatchObject({ rest: "And 1 more peer.", searchable: true });
  expect(peerList({}, "")).toEqual({ shown: [], rest: "", searchable: false });
});

test("one is found by its name, zone, state or reason, in any case", () => {
  const odd = { "10.9.9.9:80": { state: "drain", zone: "Far-1", why: "New kernel" } };
  const peers = many(100, odd);
  for (const wanted of ["10.9.9", "far", "DRAINING", " kernel "]) expect(names(peers, wanted)).toEqual(["10.9.9.9:80"]);
  expect(peerList({ peers }, "nowhere")).toMatchObject({
    shown: [],
    rest: "None of 101 peers has this in its name, zone, state or reason.",
  });
});

test("whatever is asked for, every peer that fits is shown or counted, and no hidden one is worse than a shown one", () => {
  const state = fc.constantFrom("up", "drain", "down", "unhealthy", "ejected");
  const peers = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.record({ state }), {
    minKeys: 15,
    maxKeys: 60,
  });
  fc.assert(
    fc.property(peers, (all) => {
      const { shown, rest } = peerList({ peers: all }, "");
      const hidden = Number(/\d+/.exec(rest)?.[0] ?? 0);
      expect(shown.length + hidden).toBe(Object.keys(all).length);
      const names = new Set(shown.map(([name]) => name));
      const left = Object.entries(all).filter(([name]) => !names.has(name));
      if (shown.some(([, peer]) => peer.state === "up"))
        expect(left.every(([, peer]) => peer.state === "up")).toBe(true);
    }),
  );
});
