import { expect, test } from "vitest";
import { endText, loadText, pickingText, placeText, replicasText, sourceText, trafficText } from "./upstream-text.ts";

/** The unit may not be parted from its number. */
const parted = (text: string): string => text.replaceAll("\u00a0", " ");
const NOW = new Date(2026, 10, 22, 12, 5, 9).getTime() / 1000;

test("what passes through an upstream, or its protocol where nothing is measured", () => {
  expect(parted(trafficText({ rps: 12.3, error_rate: 1, latency_p99: 0.1, in_flight: 3 }))).toBe(
    "12.3/s · 1.0 % errors · p99 100 ms · 3 in flight",
  );
  expect([trafficText({ protocol: "grpc" }), trafficText({})]).toEqual(["grpc", ""]);
});

test("how its peers are picked", () => {
  expect(pickingText({ policy: "peak-ewma", peers_available: 3, peers_total: 5000 })).toBe(
    "peak-ewma · 3 of 5,000 peers take requests",
  );
  expect(pickingText({ policy: "round-robin", peers_available: 1, peers_total: 1 })).toBe(
    "round-robin · 1 of 1 peer takes requests",
  );
  expect(pickingText({ picked_by: "nginx" })).toBe("");
  expect([replicasText({}), replicasText({ desired_replicas: 1, reason: "quiet" })]).toEqual([
    "",
    "wants 1 replica: quiet",
  ]);
});

test("what sets a peer apart, and what it does", () => {
  expect(placeText({ zone: "a", weight: 0.5, priority: 1 })).toBe("zone a, weight 0.5, priority 1");
  expect(placeText({ weight: 1, priority: 0 })).toBe("");
  expect(parted(loadText({ latency_seconds: 0.0042, in_flight: 3 }))).toBe("4.2 ms · 3 in flight");
  expect([loadText({ in_flight: 0 }), loadText({})]).toEqual(["", ""]);
});

test("until when a peer is as it is", () => {
  expect(parted(endText({ state: "drain", override_until: NOW + 200 }, NOW))).toBe("until 12:08:29 (3 min)");
  const ejected = { state: "ejected", ejected_until: NOW + 20, ejections: 2, takes_requests: false };
  expect(parted(endText(ejected, NOW))).toBe("until 12:05:29 (20 s), ejected 2 times of late");
  expect(endText({ state: "up", takes_requests: true, ejections: 1 }, NOW)).toBe("");
  // Of a weight that was given by hand: not the end of the sickness.
  expect(endText({ state: "unhealthy", override_until: NOW + 200 }, NOW)).toBe("");
});

test("a peer that panic keeps in use is not left without a word", () => {
  expect(endText({ state: "unhealthy", takes_requests: true }, NOW)).toBe("used all the same: too few are well");
});

test("a source: what it gives, what is wrong, what of before is kept", () => {
  expect(sourceText({ state: "ok", since: NOW, peers: 3 })).toBe("3 peers");
  expect(sourceText({ state: "ok", peers: 1, note: "10.0.0.9 has the weight 0" })).toBe(
    "1 peer: 10.0.0.9 has the weight 0",
  );
  expect(sourceText({ state: "failing", since: NOW, peers: 3, problem: "connection refused" })).toBe(
    "3 peers of before are kept, since 12:05:09: connection refused",
  );
  expect(sourceText({ state: "never", since: 0, peers: 0 })).toBe("0 peers");
  expect(sourceText({})).toBe("");
});
