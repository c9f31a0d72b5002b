import { expect, test } from "vitest";
import { hashText } from "../_core/balance/hash-text.ts";
import { hashPolicy } from "./hash-policy.ts";
import type { Peer } from "./peer.ts";
import { createPeerSet } from "./peer-set.ts";
import type { PickInput, Policy } from "./policy.ts";

const HASHES = Array.from({ length: 5000 }, (_, n) => hashText(`user ${String(n)}`));
const input: PickInput = { nowSeconds: 0, hash: 0, unknownSeconds: 0, knownPeers: 0, inFlight: 0 };

/** Five peers of one level, a policy over them, and the work of its tables, which is done when a test says so. */
function rig() {
  const sick = new Set<string>();
  const judges = { override: () => undefined, isWell: (key: string) => !sick.has(key) };
  const set = createPeerSet({ judges, zone: undefined, panicThreshold: 0 }, {});
  const work: (() => boolean)[] = [];
  const policy: Policy = hashPolicy(1.25, { spread: (step) => void work.push(step) });
  const reset = (): void => {
    for (const level of set.levels()) policy.reset(level);
  };
  return {
    sick,
    refresh: () => {
      set.refresh(0);
      reset();
    },
    replace: (count: number, net = "10.0.0") => {
      const hosts = Array.from({ length: count }, (_, n) => `${net}.${String(n)}`);
      set.replace(
        hosts.map((host) => ({ host, port: 80, weight: 1, priority: 0 })),
        0,
        true,
      );
      reset();
    },
    /** Tables that are to be made. */
    begun: () => work.length,
    finish: () => {
      for (const step of work.splice(0)) while (!step());
    },
    homes: () => HASHES.map((hash) => policy.pick(1, { ...input, hash })),
  };
}

const keysOf = (peers: readonly (Peer | undefined)[]): Set<string | undefined> =>
  new Set(peers.map((peer) => peer?.key));

test("who is sick moves only its own keys, without another table", () => {
  const { replace, finish, homes, sick, refresh, begun } = rig();
  replace(5);
  finish();
  const before = homes();
  const ill = before[0];
  sick.add(ill?.key ?? "");
  refresh();
  // It would lead to nearly the same peers, but not quite.
  expect(begun()).toBe(0);
  const after = homes();
  const moved = before.filter((peer, index) => after[index] !== peer);
  expect(keysOf(moved)).toEqual(new Set([ill?.key]));
  expect(after.includes(ill)).toBe(false);
  sick.clear();
  refresh();
  expect(homes()).toEqual(before);
});

test("while a table is made the one before it goes on, without those that left", () => {
  const { replace, finish, homes } = rig();
  replace(5);
  finish();
  const before = homes();
  replace(4);
  const meanwhile = homes();
  expect(keysOf(meanwhile).has("10.0.0.4:80")).toBe(false);
  expect(keysOf(before.filter((peer, index) => peer !== meanwhile[index]))).toEqual(new Set(["10.0.0.4:80"]));
  finish();
  expect(keysOf(homes()).size).toBe(4);
});

test("where all are others the hash alone decides until their table is made", () => {
  const { replace, finish, homes } = rig();
  for (const net of ["10.0.1", "10.0.2"]) {
    replace(3, net);
    const wanted = new Set([0, 1, 2].map((n) => `${net}.${String(n)}:80`));
    expect(keysOf(homes())).toEqual(wanted);
    finish();
    expect(keysOf(homes())).toEqual(wanted);
  }
});

test("a table is begun once for a set", () => {
  const { replace, finish, homes, begun } = rig();
  replace(0);
  expect(keysOf(homes())).toEqual(new Set([undefined]));
  finish();
  replace(3);
  replace(3);
  expect(begun()).toBe(1);
  finish();
  expect(keysOf(homes()).size).toBe(3);
});
