import { describe, expect, test } from "vitest";
import { fakeStatus } from "../../test/harness/admin-fake.ts";
import { readStatus, type UpstreamStatus } from "../admin-client/index.ts";
import { lineWidth, type Line } from "./line.ts";
import { MOST_PEERS, upstreamTable } from "./upstream-table.ts";

const NOW = 1_763_789_000;

const plain = (lines: readonly Line[]): string[] => lines.map((line) => line.map(({ text }) => text).join(""));

function upstream(fields: object): UpstreamStatus {
  const [found] = readStatus({ version: "1", time: NOW, upstreams: { users: fields } }, "").upstreams;
  if (found === undefined) throw new Error("no upstream");
  return found;
}

/** The rows of one upstream, with one space between cells. */
const rows = (fields: object, width = Infinity): string[] =>
  plain(upstreamTable([upstream(fields)], NOW, width)).map((line) => line.replaceAll(/ {2,}/g, " ").trim());

describe("an upstream", () => {
  test("says how many of its peers take requests, in the tone of that", () => {
    const state = (available: number, panic = false) => {
      const lines = upstreamTable([upstream({ peers_available: available, peers_total: 4, panic })], NOW, Infinity);
      return lines[1]?.find(({ text }) => /\d of \d|panic|no peer/.test(text));
    };
    expect([state(4), state(3), state(0), state(4, true)]).toEqual([
      { text: "4 of 4", tone: "good" },
      { text: "3 of 4", tone: "warn" },
      { text: "no peer", tone: "bad" },
      { text: "panic", tone: "bad" },
    ]);
  });

  test("has its policy and, in panic, what that means", () => {
    const fields = { policy: "peak-ewma", panic: true, peers_available: 2, peers_total: 2, reason: "quiet" };
    expect(rows(fields)[1]).toBe("users panic peak-ewma too few peers are well: all are used");
  });

  test("that nginx balances has none of it", () => {
    expect(rows({ protocol: "http", picked_by: "nginx", peers: { "10.0.0.1:80": { state: "up" } } })).toEqual([
      "Upstreams state",
      "users",
      "10.0.0.1:80 up",
    ]);
  });
});

describe("its sources", () => {
  test("stand before its peers, with what is wrong and what is kept", () => {
    const sources = {
      "consul users": { state: "failing", since: NOW - 95, problem: "connection refused", peers: 3 },
      "dns users": { state: "ok", since: NOW - 95, note: "10.0.0.9 has the weight 0", peers: 1 },
      "file /peers.json": { state: "never", since: 0, peers: 0 },
    };
    expect(rows({ sources, peers: { "10.0.0.1:80": { state: "up" } } }).slice(2)).toEqual([
      "consul users failing for 1m 35s connection refused; 3 peers of before are kept",
      "dns users ok 10.0.0.9 has the weight 0; 1 peer",
      "file /peers.json waiting 0 peers",
      "10.0.0.1:80 up",
    ]);
  });
});

describe("its peers", () => {
  test("in trouble stand first, with the time that is left, and all that is known of each", () => {
    const peers = {
      "10.0.0.1:80": { state: "up", weight: 2, zone: "a", in_flight: 3, latency_seconds: 0.0042 },
      "10.0.0.2:80": { state: "drain", why: "new disk", override_until: NOW + 120 },
      "10.0.0.3:80": { state: "ejected", why: "5 in a row", ejected_until: NOW + 20, ejections: 2 },
      "10.0.0.4:80": { state: "unhealthy", why: "timeout", takes_requests: true },
      "10.0.0.10:80": { state: "down" },
    };
    expect(rows({ peers }).slice(2)).toEqual([
      "10.0.0.3:80 ejected 5 in a row (20s left, ejected 2 times of late)",
      "10.0.0.4:80 unhealthy timeout (used all the same)",
      "10.0.0.10:80 down",
      "10.0.0.2:80 drain new disk (2m left)",
      "10.0.0.1:80 up 3 4.2 ms 2 a",
    ]);
  });

  test("of thousands are a few, and the others are counted", () => {
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`10.0.${String(index)}:80`, { state: index < 4975 ? "up" : "down" }]),
    );
    const shown = rows({ peers: many });
    expect(shown).toHaveLength(2 + MOST_PEERS + 1);
    expect(shown[2]).toBe("10.0.4975:80 down");
    expect(shown.at(-1)).toBe("and 4980 more 5 of them in trouble; status --json has all");
    const calm = Object.fromEntries(Object.keys(many).map((name) => [name, { state: "up" }]));
    expect(rows({ peers: calm }).at(-1)).toBe("and 4980 more status --json has all");
  });
});

test("no terminal is too narrow; the state stays longest", () => {
  const { upstreams, time } = readStatus(fakeStatus(), "");
  for (let width = 1; width <= 200; width++) {
    for (const line of upstreamTable(upstreams, time, width)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
  }
  expect(plain(upstreamTable(upstreams, time, 60)).find((line) => line.includes("10.0.0.3"))).toContain("ejected");
});
