/** A gateway with one route that adaptive-rate-limit guards, and a backend that is as slow as a test wants. */
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { adminClient, type AdminClient } from "./admin-client.ts";
import { answering, startBackend, type Backend } from "./backend.ts";
import { decisionsIn, type LoggedDecision } from "./error-log.ts";
import { eventually } from "./eventually.ts";
import { gatewayForTest, type Gateway, type GatewayOptions } from "./gateway.ts";
import { send, sendMany, type Answer } from "./http-request.ts";
import { TELL_WORKER } from "./pinned-workers.ts";
import { startLoad, type Load } from "./steady-load.ts";

/** So many a minute, of which tests use next to nothing: what is looked at is the quota that answers tell. */
export const PLENTY = 1_000_000;

/** The machine that tests run on may be busy: what a test does not ask for must lower nothing. */
const CALM = { error_rate: 100 };

/** What `GET /limits/<route>` shows. */
export interface ShownLimit {
  readonly factor: number;
  readonly adaptive_factor: number;
  readonly reason: string;
  readonly until?: number;
  readonly replicas: number;
}

export interface AdaptiveGateway {
  readonly gateway: Gateway;
  readonly backend: Backend;
  readonly admin: AdminClient;
  /** From now on the backend takes so long. */
  slow(seconds: number): void;
  /** Requests that go on until the test ends. */
  load(): Load;
  shown(): Promise<ShownLimit>;
  until(what: string, holds: (shown: ShownLimit) => boolean): Promise<ShownLimit>;
  /** Share of the limit that a client of this plan gets. */
  shareFor(plan: string): Promise<number>;
  /** Waits until each worker gives this share, and lastly so. */
  everyWorkerGives(share: number): Promise<unknown>;
  decisions(): Promise<LoggedDecision[]>;
}

/** The share of `PLENTY` that an answer tells in RateLimit-Policy. */
function shareIn({ headers }: Answer): number {
  return Number(/;q=(\d+)/.exec(String(headers["ratelimit-policy"]))?.[1]) / PLENTY;
}

/** @param limits of the plugin @param more of gateway.yaml */
export async function adaptiveGateway(
  limits: object,
  more: Record<string, unknown> = {},
  options: GatewayOptions = { workers: 2 },
): Promise<AdaptiveGateway> {
  let delaySeconds = 0;
  const answer = answering(200);
  const backend = await startBackend({
    respond: async (arrived, response) => {
      await sleep(delaySeconds * 1000);
      await answer(arrived, response);
    },
  });
  onTestFinished(() => backend.stop());
  const gateway = await gatewayForTest(
    {
      upstreams: { one: { targets: [backend.target] } },
      routes: [
        {
          name: "api",
          path: "/",
          upstream: "one",
          plugins: { "adaptive-rate-limit": { limit: PLENTY, adapt: CALM, ...limits } },
        },
      ],
      nginx: { server: [TELL_WORKER] },
      ...more,
    },
    options,
  );
  const admin = adminClient(gateway);
  const shown = async (): Promise<ShownLimit> => (await admin.get("/limits/api")).json as ShownLimit;
  return {
    gateway,
    backend,
    admin,
    shown,
    slow: (seconds) => {
      delaySeconds = seconds;
    },
    load: () => {
      const load = startLoad({ url: gateway.url, clients: 24, pauseSeconds: 0.05 });
      onTestFinished(async () => {
        await load.stop();
      });
      return load;
    },
    until: (what, holds) =>
      eventually(what, async () => {
        const now = await shown();
        return holds(now) && now;
      }),
    shareFor: async (plan) => shareIn(await send(gateway.url, { headers: { "x-plan": plan } })),
    everyWorkerGives: (share) => {
      const lastly = new Map<string, number>();
      return eventually(`every worker gives ${String(share)}`, async () => {
        for (const one of await sendMany(16, gateway.url)) lastly.set(String(one.headers["x-worker"]), shareIn(one));
        const pids = await gateway.workerPids();
        return pids.every((pid) => lastly.get(String(pid)) === share);
      });
    },
    decisions: async () =>
      decisionsIn(await gateway.errorLog()).filter(({ plugin }) => plugin === "adaptive-rate-limit"),
  };
}
