import { describe, expect, it } from "vitest";
import { begin, configOf, end, rig, scrape, total, type Rig } from "../../test/harness/metrics-rig.ts";
import { create } from "./plugin.ts";

function shown({ workers }: Rig, reader = workers[0]!): number {
  return total(scrape(reader), "gateway_requests_in_flight");
}

describe("requests under way", () => {
  it("are the sum over all workers, and none when all have ended", () => {
    const metrics = rig({}, { workers: 2 });
    const { node, workers } = metrics;
    const open = workers.flatMap((worker) =>
      [begin(node, worker), begin(node, worker)].map((one) => ({ worker, one })),
    );
    for (const worker of workers) worker.tick();
    expect(shown(metrics)).toBe(4);
    for (const { worker, one } of open) end(worker, one);
    for (const worker of workers) worker.tick();
    expect(shown(metrics)).toBe(0);
    expect(scrape(workers[0]!)).toContain('gateway_requests_in_flight{route="users",upstream="backend"} 0');
  });

  it("are not counted when another plugin turned the request away before", () => {
    const metrics = rig({});
    const { node, workers } = metrics;
    const away = begin(node, { ...workers[0]!, handlers: {} });
    end(workers[0]!, away);
    begin(node, workers[0]!);
    workers[0]!.tick();
    expect(shown(metrics)).toBe(1);
  });

  it("are counted once when a request goes through access twice, or ended without its log phase", () => {
    const metrics = rig({});
    const { node, workers } = metrics;
    const open = begin(node, workers[0]!);
    workers[0]!.handlers.access?.(open.context);
    workers[0]!.tick();
    expect(shown(metrics)).toBe(1);
    end(workers[0]!, open);
    workers[0]!.tick();
    expect(shown(metrics)).toBe(0);
  });

  it("of a killed worker are forgotten after five seconds", () => {
    const metrics = rig({}, { workers: 2 });
    begin(metrics.node, metrics.workers[1]!);
    metrics.workers[1]!.tick();
    expect(shown(metrics)).toBe(1);
    metrics.node.now += 5.1;
    expect(shown(metrics)).toBe(0);
  });

  it("of a worker that finishes stay until they end, though it has no timers and its place goes to another", () => {
    const metrics = rig({}, { workers: 2 });
    const { node, workers } = metrics;
    const old = workers[1]!;
    const [one, two] = [begin(node, old), begin(node, old)];
    old.tick();
    old.exit();
    expect(shown(metrics)).toBe(2);
    node.now += 60;
    workers[0]!.tick();
    expect(shown(metrics)).toBe(2);
    end(old, one);
    old.exit();
    expect(shown(metrics)).toBe(1);
    end(old, two);
    old.exit();
    expect(shown(metrics)).toBe(0);
  });

  it("of a route that is gone count until they end; then its gauge goes, and is told no more", () => {
    const metrics = rig({ idle_seconds: 10 });
    const { node, workers } = metrics;
    const worker = workers[0]!;
    const open = begin(node, worker);
    worker.tick();
    worker.handlers.end?.();
    worker.tick();
    expect(shown(metrics)).toBe(1);
    end(worker, open);
    worker.tick();
    expect(shown(metrics)).toBe(0);
    for (let second = 0; second < 90; second++) {
      node.now += 1;
      worker.tick();
    }
    expect(scrape(worker)).not.toContain("gateway_requests_in_flight{");
  });

  it("are counted on where another configuration takes the route over", () => {
    const metrics = rig({ idle_seconds: 10 });
    const { node, workers } = metrics;
    const worker = workers[0]!;
    const open = begin(node, worker);
    worker.tick();
    const next = { ...worker, handlers: create(configOf({ idle_seconds: 10, tokens: "openai" }), worker.host) };
    worker.handlers.end?.();
    begin(node, next);
    worker.tick();
    expect(shown(metrics)).toBe(2);
    end(worker, open);
    for (let second = 0; second < 90; second++) {
      node.now += 1;
      worker.tick();
    }
    expect(shown(metrics)).toBe(1);
    // With tokens the handlers are others, and end as well.
    next.handlers.end?.();
    expect(next.handlers.end).toBeDefined();
  });

  it("are known to the admin server and to autoscaling by route and by upstream", () => {
    const metrics = rig({});
    begin(metrics.node, metrics.workers[0]!);
    metrics.workers[0]!.tick();
    const resources = metrics.workers[0]!.handlers.admin!;
    expect(resources.map(({ collection, id }) => [collection, id])).toEqual([
      ["routes", "users"],
      ["upstreams", "backend"],
      ["autoscale", "backend"],
    ]);
    for (const resource of resources) expect(resource.get()["in_flight"]).toBe(1);
  });
});
