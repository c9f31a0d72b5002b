import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { json } from "../../../test/harness/discovery-rig.ts";
import type { PeerEntry } from "../peer.ts";
import { peerEntry } from "./found-peers.ts";
import { decodeSets, encodeSets } from "./snapshot-text.ts";
import type { SourceSet } from "./federation.ts";

const entry: fc.Arbitrary<PeerEntry> = fc
  .tuple(
    fc.oneof(fc.ipV4(), fc.ipV6()),
    fc.integer({ min: 1, max: 65535 }),
    fc.constantFrom(1, 2, 0.5, 1000),
    fc.nat({ max: 200 }),
    fc.constantFrom("", "a", "b"),
    fc.boolean(),
  )
  .map((fields) => peerEntry(...fields));
const sets: fc.Arbitrary<SourceSet[]> = fc.array(
  fc.record({ name: fc.string({ minLength: 1 }), peers: fc.array(entry) }),
);

const ONE: SourceSet = { name: "one", peers: [{ host: "10.0.0.1", port: 80, weight: 1, priority: 0 }] };
const textOf = (change: (set: Record<string, unknown>) => void): string => {
  const document = JSON.parse(encodeSets([ONE], json)) as { sets: Record<string, unknown>[] };
  change(document.sets[0]!);
  return JSON.stringify(document);
};

describe("sets as text", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(sets, (sets) => {
        const lowered = sets.map(({ name, peers }) => ({
          name,
          peers: peers.map((peer) => ({ ...peer, host: peer.host.toLowerCase() })),
        }));
        expect(decodeSets(encodeSets(sets, json), json)).toEqual(lowered);
      }),
      { numRuns: 500 },
    );
  });

  it("write what is the same for all peers once", () => {
    const peers = ["10.0.0.1", "10.0.0.2"].map((host) => peerEntry(host, 80, 1, 0, "a"));
    expect(JSON.parse(encodeSets([{ name: "one", peers }], json))).toEqual({
      version: 1,
      sets: [
        { name: "one", hosts: ["10.0.0.1", "10.0.0.2"], ports: 80, weights: 1, priorities: 0, zones: "a", draining: 0 },
      ],
    });
  });

  it("take 15 bytes a peer of 10.0.0.0/8 where only the address differs, below 40 where all does", () => {
    const many = (make: (host: string, index: number) => PeerEntry): number => {
      const peers = Array.from({ length: 10_000 }, (_, index) =>
        make(`10.${100 + (index >> 14)}.${100 + (index >> 8)}.${index & 255}`, index),
      );
      return encodeSets([{ name: "one", peers }], json).length / peers.length;
    };
    expect(many((host) => peerEntry(host, 8080, 1, 0, "eu-west-1a"))).toBeLessThan(17);
    expect(
      many((host, index) =>
        peerEntry(host, 8000 + index, 1 + (index & 7), index & 1, `eu-${index & 3}`, (index & 1) === 1),
      ),
    ).toBeLessThan(40);
  });
});

describe("a text is not read", () => {
  test.each([
    ["that is empty", ""],
    ["that is half", encodeSets([ONE], json).slice(0, -5)],
    ["of another version", '{"version": 2, "sets": []}'],
    ["without a version", '{"sets": []}'],
    ["without sets", '{"version": 1}'],
    ["with a set that is none", '{"version": 1, "sets": [5]}'],
    ["with a set without a name", textOf((set) => (set["name"] = ""))],
    ["without hosts", textOf((set) => (set["hosts"] = 5))],
    ["with a host that is no text", textOf((set) => (set["hosts"] = [5]))],
    ["with a host that is a name", textOf((set) => (set["hosts"] = ["a.b"]))],
    ["with a column that is too short", textOf((set) => (set["ports"] = []))],
    ["with a port that is none", textOf((set) => (set["ports"] = 0))],
    ["without ports", textOf((set) => (set["ports"] = undefined))],
    ["with a weight of 0", textOf((set) => (set["weights"] = 0))],
    ["with a weight that is a text", textOf((set) => (set["weights"] = "1"))],
    ["with a priority below 0", textOf((set) => (set["priorities"] = -1))],
    ["with a zone that is a number", textOf((set) => (set["zones"] = 5))],
    ["with too many peers", textOf((set) => (set["hosts"] = Array.from({ length: 10_001 }, () => "10.0.0.1")))],
  ])("%s", (_name, text) => {
    expect(decodeSets(text, json)).toBeUndefined();
  });

  it("and nothing throws, whatever it is", () => {
    const near = fc.record({
      version: fc.constant(1),
      sets: fc.array(
        fc.dictionary(
          fc.constantFrom("name", "hosts", "ports", "weights", "priorities", "zones", "draining"),
          fc.oneof(fc.jsonValue(), fc.constant(["10.0.0.1"])),
        ),
      ),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          near.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          decodeSets(text, json);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
