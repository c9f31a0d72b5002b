import { describe, expect, it } from "vitest";
import { begin, configOf, end, rig, type OpenRequest, type Rig, type Worker } from "../../test/harness/breaker-rig.ts";
import { fakePool } from "../../test/harness/fake-context.ts";

const [A, B, C] = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"] as const;
const PEERS = [A, B, C];
const QUICK = { scope: "peer", minimum_calls: 2, half_open: { calls: 2 }, open: { jitter: 0 } };

/** The peers the host may pick from. */
function allowed(worker: Worker, open: OpenRequest, peers: readonly string[] = PEERS): string[] {
  const pool = fakePool(peers);
  worker.handlers.select_upstream?.(open.context, pool);
  return peers.filter((_, index) => !pool.excluded.has(index));
}

/** A request that is sent to `peer`, if it is let through. */
function send({ node }: Rig, worker: Worker, peer: string, status: number): OpenRequest {
  const open = begin(node, worker);
  allowed(worker, open);
  end(worker, open, { tries: [{ peer, status, seconds: 0.1 }], status: status === 0 ? 502 : status });
  return open;
}

function state(worker: Worker, peer: string): unknown {
  return worker.handlers.admin?.find(({ id }) => id === `peer:backend/${peer}`)?.get().state;
}

describe("peer scope", () => {
  it("keeps requests from the peer that fails, in every worker at once", () => {
    const breaker = rig(QUICK, { workers: 2 });
    const [one, two] = [breaker.workers[0]!, breaker.workers[1]!];
    send(breaker, one, A, 0);
    send(breaker, two, A, 500);
    for (const worker of [one, two]) {
      const open = begin(breaker.node, worker);
      expect(open.decision).toBeUndefined();
      expect(allowed(worker, open)).toEqual([B, C]);
    }
    expect([state(one, A), state(one, B)]).toEqual(["open", "closed"]);
  });

  it("turns requests away when all peers are open, until the first may be probed", () => {
    const breaker = rig(QUICK);
    const { node, workers } = breaker;
    const worker = workers[0]!;
    for (const peer of PEERS) {
      for (let i = 0; i < 2; i++) send(breaker, worker, peer, 500);
      node.now += 1;
    }
    expect(begin(node, worker).decision).toMatchObject({ status: 503, headers: { "Retry-After": "27" } });
    node.now += 27;
    const probe = begin(node, worker);
    expect(probe.decision).toBeUndefined();
    expect(allowed(worker, probe)).toEqual([A]);
    end(worker, probe, { tries: [{ peer: A, status: 200, seconds: 0.1 }] });
    send(breaker, worker, A, 200);
    expect([state(worker, A), state(worker, B)]).toEqual(["closed", "open"]);
  });

  it("gives a half-open peer its probes alone, and everything else to the others", () => {
    const breaker = rig(QUICK);
    const { node, workers } = breaker;
    const worker = workers[0]!;
    for (let i = 0; i < 2; i++) send(breaker, worker, A, 500);
    node.now += 30;
    const requests = [0, 1, 2].map(() => begin(node, worker));
    expect(requests.map((open) => allowed(worker, open))).toEqual([[A], [A], [B, C]]);
    end(worker, requests[0]!, { tries: [{ peer: A, status: 200, seconds: 0.1 }] });
    end(worker, requests[1]!, { tries: [{ peer: A, status: 200, seconds: 0.1 }] });
    expect(state(worker, A)).toBe("closed");
  });

  it("sends the retry of a failed probe elsewhere, and counts both tries", () => {
    const breaker = rig({ ...QUICK, half_open: { calls: 1 } });
    const { node, workers } = breaker;
    const worker = workers[0]!;
    for (let i = 0; i < 2; i++) send(breaker, worker, A, 500);
    node.now += 30;
    const probe = begin(node, worker);
    expect(allowed(worker, probe)).toEqual([A]);
    expect(allowed(worker, probe)).toEqual([B, C]);
    end(worker, probe, {
      tries: [
        { peer: A, status: 0, seconds: 0.1 },
        { peer: B, status: 200, seconds: 0.1 },
      ],
    });
    expect(state(worker, A)).toBe("open");
    const b = worker.handlers.admin?.find(({ id }) => id.endsWith(B));
    expect(b?.get()).toMatchObject({ calls: 1, failure_rate: 0 });
  });

  it("gives back the probe of a peer that was not tried", () => {
    const breaker = rig({ ...QUICK, half_open: { calls: 1 } });
    const { node, workers } = breaker;
    const worker = workers[0]!;
    for (let i = 0; i < 2; i++) send(breaker, worker, A, 500);
    node.now += 30;
    const probe = begin(node, worker);
    expect(allowed(worker, probe)).toEqual([A]);
    end(worker, probe, { proxied: false, status: 400 });
    const next = begin(node, worker);
    expect(allowed(worker, next)).toEqual([A]);
  });

  it("excludes nothing in shadow mode", () => {
    const breaker = rig(QUICK, { shadow: true });
    const worker = breaker.workers[0]!;
    for (const peer of PEERS) for (let i = 0; i < 2; i++) send(breaker, worker, peer, 500);
    const open = begin(breaker.node, worker);
    expect(open.decision).toBeUndefined();
    expect(allowed(worker, open)).toEqual(PEERS);
    expect(breaker.node.store.get("cb:peer:backend:would_reject")).toBe(1);
  });

  it("does not touch the fallback upstream's peers", () => {
    const breaker = rig({ ...QUICK, fallback: { upstream: "spare" } });
    const { node, workers } = breaker;
    const worker = workers[0]!;
    for (const peer of PEERS) for (let i = 0; i < 2; i++) send(breaker, worker, peer, 500);
    const open = begin(node, worker);
    expect(open.decision).toEqual({ kind: "route", upstream: "spare" });
    expect(allowed(worker, open)).toEqual(PEERS);
    end(worker, open, { status: 200, tries: [{ peer: A, status: 200, seconds: 0 }] });
    expect(worker.handlers.admin).toHaveLength(3);
  });

  it("gets to know peers that discovery brings, up to 1024", () => {
    const breaker = rig(QUICK);
    const worker = breaker.workers[0]!;
    for (let i = 0; i < 2; i++) send(breaker, worker, "10.9.9.9:80", 500);
    expect(state(worker, "10.9.9.9:80")).toBe("open");
    const open = begin(breaker.node, worker);
    expect(allowed(worker, open, [A, "10.9.9.9:80"])).toEqual([A]);
    breaker.node.now += 1;
    for (let i = 0; i < 1100; i++) send(breaker, worker, `10.1.0.1:${String(1000 + i)}`, 200);
    expect(worker.handlers.admin).toHaveLength(1024);
    expect(state(worker, "10.9.9.9:80")).toBeUndefined();
    expect(state(worker, "10.1.0.1:2099")).toBe("closed");
  });

  it("does not blame a peer for a client that leaves", () => {
    const breaker = rig(QUICK);
    const worker = breaker.workers[0]!;
    const open = begin(breaker.node, worker);
    end(worker, open, { status: 499, tries: [{ peer: A, status: 0, seconds: 0.1 }] });
    expect(worker.handlers.admin?.[0]?.get()).toMatchObject({ calls: 0 });
  });

  it("leads a peer that recovers up to its full share", () => {
    const breaker = rig({ ...QUICK, recovery_seconds: 10, half_open: { calls: 1 } });
    const { node, workers } = breaker;
    const worker = workers[0]!;
    for (let i = 0; i < 2; i++) send(breaker, worker, A, 500);
    node.now += 30;
    send(breaker, worker, A, 200);
    expect(state(worker, A)).toBe("closed");
    node.now += 5;
    node.randoms.push(0.6, 0.4);
    expect([0, 1].map(() => allowed(worker, begin(node, worker)))).toEqual([[B, C], PEERS]);
    node.now += 6;
    worker.tick();
    expect(allowed(worker, begin(node, worker))).toEqual(PEERS);
  });

  it("replaces the counter of a peer's count window", () => {
    const breaker = rig({ scope: "peer", window: { type: "count", calls: 100 } });
    const { node, workers } = breaker;
    for (let i = 0; i < 66_000; i++) {
      node.store.operations = 0;
      send(breaker, workers[0]!, A, 200);
      expect(node.store.operations).toBeLessThanOrEqual(2);
    }
    expect(node.store.get(`cb:peer:backend/${A}:state`)).toBe(1);
    expect(configOf({ scope: "peer" }).scope).toBe("peer");
  });
});
