import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { SourceConfig } from "../config.ts";
import { type PeerEntry, peerKey } from "../peer.ts";
import { mergePeers, samePeers } from "./merge-peers.ts";

const PLAIN: SourceConfig = { weight: 1, priority: 0, allow_empty: false };
const peer = (host: string, fields: Partial<PeerEntry> = {}): PeerEntry => ({
  host,
  port: 80,
  weight: 1,
  priority: 0,
  ...fields,
});
const entry: fc.Arbitrary<PeerEntry> = fc
  .record({
    host: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "::1"),
    port: fc.constantFrom(80, 81),
    weight: fc.constantFrom(1, 2),
    priority: fc.constantFrom(0, 1),
    zone: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
  })
  .map(({ zone, ...rest }) => (zone === undefined ? rest : { ...rest, zone }));

describe("mergePeers", () => {
  it("gives each source its share, its place in the order and a zone for those that tell none", () => {
    const cloud = {
      settings: { ...PLAIN, weight: 0.5, priority: 10, zone: "cloud" },
      peers: [peer("10.0.0.2", { weight: 4, priority: 1 })],
    };
    const zoned = {
      settings: { ...PLAIN, zone: "other" },
      peers: [peer("10.0.0.3", { zone: "own", draining: true }), peer("10.0.0.4")],
    };
    expect(mergePeers([peer("10.0.0.1")], [cloud, zoned])).toEqual([
      peer("10.0.0.1"),
      peer("10.0.0.2", { weight: 2, priority: 11, zone: "cloud" }),
      peer("10.0.0.3", { zone: "own", draining: true }),
      peer("10.0.0.4", { zone: "other" }),
    ]);
  });

  it("keeps that a peer is draining, whatever else its source's settings make of it", () => {
    const source = { settings: { ...PLAIN, weight: 3 }, peers: [peer("10.0.0.1", { draining: true })] };
    expect(mergePeers([], [source])).toEqual([peer("10.0.0.1", { weight: 3, draining: true })]);
  });

  it("takes what several tell from the first one, and fixed peers before all", () => {
    const sources = [
      { settings: PLAIN, peers: [peer("10.0.0.1", { weight: 5 }), peer("10.0.0.2", { weight: 6 })] },
      { settings: PLAIN, peers: [peer("10.0.0.2", { weight: 7 }), peer("10.0.0.3", { weight: 8 })] },
    ];
    expect(mergePeers([peer("10.0.0.1")], sources).map(({ host, weight }) => [host, weight])).toEqual([
      ["10.0.0.1", 1],
      ["10.0.0.2", 6],
      ["10.0.0.3", 8],
    ]);
  });

  it("has every address and port of all of them, and each once", () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry)), (sets) => {
        const keys = mergePeers(
          [],
          sets.map((peers) => ({ settings: PLAIN, peers })),
        ).map(({ host, port }) => peerKey(host, port));
        expect(keys).toEqual([...new Set(sets.flat().map(({ host, port }) => peerKey(host, port)))]);
      }),
    );
  });
});

describe("samePeers", () => {
  it("does not heed the order", () => {
    const unique = fc.uniqueArray(entry, { selector: ({ host, port }) => peerKey(host, port) });
    fc.assert(
      fc.property(
        unique.chain((peers) => fc.tuple(fc.constant(peers), fc.shuffledSubarray(peers, { minLength: peers.length }))),
        ([peers, shuffled]) => {
          expect(
            samePeers(
              peers,
              shuffled.map((each) => ({ ...each })),
            ),
          ).toBe(true);
        },
      ),
    );
  });

  test.each([
    ["one more", [peer("10.0.0.1"), peer("10.0.0.2"), peer("10.0.0.3")]],
    ["one less", [peer("10.0.0.1")]],
    ["another one", [peer("10.0.0.1"), peer("10.0.0.9")]],
    ["another port", [peer("10.0.0.1"), peer("10.0.0.2", { port: 81 })]],
    ["another weight", [peer("10.0.0.1"), peer("10.0.0.2", { weight: 2 })]],
    ["another priority", [peer("10.0.0.1"), peer("10.0.0.2", { priority: 1 })]],
    ["a zone", [peer("10.0.0.1"), peer("10.0.0.2", { zone: "a" })]],
    ["one draining", [peer("10.0.0.1"), peer("10.0.0.2", { draining: true })]],
  ])("sees %s", (_name, others) => {
    expect(samePeers([peer("10.0.0.1"), peer("10.0.0.2")], others)).toBe(false);
  });
});
