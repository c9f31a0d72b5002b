import { expect, it } from "vitest";
import { healthConfig, healthRig, peerKeys, type HealthRig } from "../../../test/harness/health-rig.ts";
import { emitHealth } from "./health-metrics.ts";

const [A = "", B = ""] = peerKeys(10);
const NONE = { consecutive_errors: 0, consecutive_gateway_errors: 0, success_rate: 0, failure_rate: 0 };

/** What a scrape shows: values by name and labels. */
function scrape(rig: HealthRig, health: object): Record<string, number> {
  const shown: Record<string, number> = {};
  emitHealth("backend", healthConfig(health), rig.node.store, (name, type, help, { upstream, ...labels }, value) => {
    expect([type, upstream, help.endsWith(".")]).toEqual(["counter", "backend", true]);
    shown[[name, ...Object.values(labels)].join(" ")] = value;
  });
  return shown;
}

it("counts ejections by kind over all workers, and those that were refused", () => {
  const health = { passive: {} };
  const rig = healthRig(health, { workers: 2 });
  const kinds = Object.entries(NONE).map(([kind, value]) => [`gateway_peer_ejections_total ${kind}`, value] as const);
  expect(scrape(rig, health)).toEqual({ ...Object.fromEntries(kinds), gateway_peer_ejections_refused_total: 0 });
  rig.workers[0]?.tried(A, 500, 500, 500, 500, 500);
  rig.workers[1]?.tried(B, 500, 500, 500, 500, 500);
  rig.second(40);
  rig.workers[1]?.tried(B, 0, 0, 0, 0, 0);
  rig.second(3);
  expect(scrape(rig, health)).toMatchObject({
    "gateway_peer_ejections_total consecutive_errors": 1,
    "gateway_peer_ejections_total consecutive_gateway_errors": 1,
    gateway_peer_ejections_refused_total: 1,
  });
});

it("counts probes by how they went", () => {
  const health = { active: {} };
  const rig = healthRig(health);
  const until = rig.node.now + 20;
  rig.node.http.request = ({ host }) => ({ status: host === "10.0.0.0" ? 500 : 200, headers: {}, body: "" });
  rig.node.sleep = (seconds) => {
    rig.node.now += seconds;
    return rig.node.now < until;
  };
  rig.workers[0]?.probe();
  rig.node.tasks[0]?.();
  rig.second(2);
  const shown = scrape(rig, health);
  const failures = shown["gateway_peer_probes_total failure"] ?? 0;
  expect(failures).toBeGreaterThanOrEqual(3);
  expect(failures).toBeLessThanOrEqual(5);
  expect(shown["gateway_peer_probes_total success"]).toBeGreaterThanOrEqual(9 * 3);
  expect(Object.keys(shown)).toHaveLength(2);
});

it("shows nothing where nothing is looked at, and no garbage", () => {
  const rig = healthRig({});
  expect(scrape(rig, {})).toEqual({});
  rig.node.store.set("health-total:backend/refused", "x");
  expect(scrape(rig, { passive: {} })).toMatchObject({ gateway_peer_ejections_refused_total: 0 });
});
