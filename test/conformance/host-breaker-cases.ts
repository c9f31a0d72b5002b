/** What a circuit breaker does, whatever gateway it runs in. Four workers where exactness over workers is the point. */
import { expect } from "vitest";
import { answering, gate, startBackend, type Backend } from "../harness/backend.ts";
import { GUARDED, statusesInTurn, TOUCHY, type ShownBreaker } from "../harness/breaker-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import { PROBE_FILES } from "./host-probe.ts";
import type { HostKind, HostUnderTest, Written } from "./host-under-test.ts";

interface BreakerCase {
  readonly name: string;
  run(kind: HostKind, atEnd: (end: () => Promise<void>) => void): Promise<void>;
}

interface Guarded {
  readonly host: HostUnderTest;
  readonly backend: Backend;
  config(breaker: object): Written;
  breaker(): Promise<ShownBreaker>;
  until(state: string): Promise<ShownBreaker>;
}

async function guard(
  kind: HostKind,
  atEnd: (end: () => Promise<void>) => void,
  breaker: object,
  more: Written = {},
): Promise<Guarded> {
  const backend = await startBackend();
  atEnd(() => backend.stop());
  const config = (settings: object): Written => ({
    custom_plugins: ["plugins"],
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } }, ...(more["upstreams"] as object) },
    routes: [{ name: "guarded", path: "/", upstream: "one", plugins: { gatekeeper: {}, "circuit-breaker": settings } }],
  });
  const host = await kind.start(config(breaker), { files: PROBE_FILES, workers: 4 });
  atEnd(() => host.stop());
  const shown = async (): Promise<ShownBreaker> => {
    const found = ((await host.status())["breakers"] as Record<string, ShownBreaker> | undefined)?.[GUARDED];
    if (found === undefined) throw new Error(`no breaker ${GUARDED}`);
    return found;
  };
  return {
    host,
    backend,
    config,
    breaker: shown,
    until: (state) =>
      eventually(`the breaker is ${state}`, async () => {
        const found = await shown();
        return found.state === state && found;
      }),
  };
}

const failing = answering(500);

/** Trips the breaker: workers hear of what others counted twice a second, so a few more may be needed. */
async function trip({ host, backend }: Guarded): Promise<void> {
  backend.respond = failing;
  await eventually("the breaker trips", async () => (await send(host.url)).status === 503);
}

export const BREAKER_CASES: readonly BreakerCase[] = [
  {
    name: "trips, tells when to come back, and asks the upstream no more",
    run: async (kind, atEnd) => {
      const guarded = await guard(kind, atEnd, TOUCHY);
      await trip(guarded);
      await guarded.until("open");
      // Every worker hears of it within a second.
      await eventually("all workers turn away", async () => {
        return statuses(await sendMany(12, guarded.host.url))[503] === 12;
      });
      const before = guarded.backend.arrived.length;
      const answer = await send(guarded.host.url);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(50);
      expect(guarded.backend.arrived.length).toBe(before);
    },
  },
  {
    name: "half-open lets exactly its budget through over all workers, and closes",
    run: async (kind, atEnd) => {
      const settings = { ...TOUCHY, open: { seconds: 1, jitter: 0 }, half_open: { calls: 3, timeout_seconds: 30 } };
      const guarded = await guard(kind, atEnd, settings);
      await trip(guarded);
      const held = gate();
      guarded.backend.respond = held.respond;
      const before = guarded.backend.arrived.length;
      await eventually("a probe is let through", async () => {
        // Not awaited one by one: probes wait at the gate.
        void sendMany(4, guarded.host.url).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return guarded.backend.arrived.length > before;
      });
      await sendMany(24, guarded.host.url, { signal: AbortSignal.timeout(1500) }).catch(() => undefined);
      expect(guarded.backend.arrived.length - before).toBe(3);
      held.open();
      await guarded.until("closed");
      await eventually("all workers let through", async () => {
        return statuses(await sendMany(12, guarded.host.url))[200] === 12;
      });
    },
  },
  {
    name: "state survives a push",
    run: async (kind, atEnd) => {
      const guarded = await guard(kind, atEnd, TOUCHY);
      await trip(guarded);
      const before = await guarded.until("open");
      await guarded.host.push(guarded.config({ ...TOUCHY, minimum_calls: 5 }));
      expect(await guarded.breaker()).toMatchObject({
        state: "open",
        generation: before.generation,
        until: before.until,
      });
      expect(await statusesInTurn(8, () => send(guarded.host.url))).toEqual(Array(8).fill(503));
    },
  },
  {
    name: "what another plugin rejects is no failure of the upstream",
    run: async (kind, atEnd) => {
      const guarded = await guard(kind, atEnd, TOUCHY);
      const denied = { headers: { "x-deny": "yes" } };
      expect(statuses(await sendMany(20, guarded.host.url, denied))).toEqual({ 503: 20 });
      expect(await statusesInTurn(8, () => send(guarded.host.url))).toEqual(Array(8).fill(200));
      expect((await guarded.breaker()).state).toBe("closed");
      expect(guarded.backend.arrived).toHaveLength(8);
    },
  },
  {
    name: "an upstream that cannot be reached counts as failed",
    run: async (kind, atEnd) => {
      const guarded = await guard(kind, atEnd, TOUCHY);
      await guarded.backend.stop();
      await eventually("the breaker trips", async () => (await send(guarded.host.url)).status === 503);
      expect((await guarded.until("open")).reason).toBe("too many failures");
    },
  },
  {
    name: "shadow mode only counts",
    run: async (kind, atEnd) => {
      const guarded = await guard(kind, atEnd, { ...TOUCHY, mode: "shadow" });
      guarded.backend.respond = failing;
      expect(await statusesInTurn(20, () => send(guarded.host.url))).toEqual(Array(20).fill(500));
      await guarded.until("open");
    },
  },
  {
    name: "is overridden by hand",
    run: async (kind, atEnd) => {
      const guarded = await guard(kind, atEnd, TOUCHY);
      const put = await guarded.host.put(`/breakers/${GUARDED}`, { state: "open", ttl_seconds: 60 });
      expect([put.status, JSON.parse(put.body)]).toEqual([200, expect.objectContaining({ state: "forced_open" })]);
      await eventually("all workers turn away", async () => {
        return statuses(await sendMany(12, guarded.host.url))[503] === 12;
      });
      const wrong = await guarded.host.put(`/breakers/${GUARDED}`, { state: "ajar" });
      expect(wrong.status).toBe(422);
    },
  },
  {
    name: "falls back to another upstream, whose answers are not counted",
    run: async (kind, atEnd) => {
      const spare = await startBackend({ respond: answering(418) });
      atEnd(() => spare.stop());
      const upstreams = { spare: { targets: [spare.target] } };
      const guarded = await guard(kind, atEnd, { ...TOUCHY, fallback: { upstream: "spare" } }, { upstreams });
      guarded.backend.respond = failing;
      await eventually("the spare one answers", async () => (await send(guarded.host.url)).status === 418);
      expect((await guarded.until("open")).generation).toBe(1);
    },
  },
];
