import { onTestFinished } from "vitest";
import { startBackend, type Backend } from "./backend.ts";
import { changesOf } from "./error-log.ts";
import { eventually } from "./eventually.ts";
import { gatewayForTest, type Gateway } from "./gateway.ts";
import { send, type Answer } from "./http-request.ts";
import { pinWorkers, TELL_WORKER, type PinnedWorker } from "./pinned-workers.ts";

/** A breaker as `GET /status` shows it. */
export interface ShownBreaker {
  readonly state: string;
  readonly generation: number;
  readonly attempt: number;
  readonly since: number;
  readonly until: number;
  readonly calls: number;
  readonly reason: string;
}

export interface BreakerGateway {
  readonly gateway: Gateway;
  /** What the guarded route `/` asks. */
  readonly backend: Backend;
  get(path?: string): Promise<Answer>;
  breaker(id?: string): Promise<ShownBreaker>;
  until(state: string, id?: string): Promise<ShownBreaker>;
  /** The transitions in the log, e.g. `closed>open`. */
  changes(id?: string): Promise<string[]>;
  /** Connections to each worker apart. */
  pin(connections?: number): Promise<PinnedWorker[]>;
  /**
   * Requests that one of the workers handles, one after the other: it has counted each before it sees the next. Other
   * workers hear of what it counted twice a second.
   */
  alone(): Promise<(path?: string) => Promise<Answer>>;
}

export const GUARDED = "route:guarded";

/** Trips at the fourth failure, opens for long. */
export const TOUCHY = {
  window: { type: "time", seconds: 60 },
  minimum_calls: 4,
  failure_rate: 50,
  adapt: { pressure: false },
  open: { seconds: 60, jitter: 0 },
};

/**
 * Four workers, a route `/` named `guarded` with a circuit breaker, and `/free` without.
 * @param breaker the plugin's configuration
 * @param more of gateway.yaml
 */
export async function breakerGateway(breaker: object, more: Record<string, unknown> = {}): Promise<BreakerGateway> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  const config = {
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
    routes: [{ name: "guarded", path: "/", upstream: "one", plugins: { "circuit-breaker": breaker } }],
    nginx: { server: [TELL_WORKER, "location = /free { return 200 free; }"] },
    ...more,
  };
  const gateway = await gatewayForTest(config);
  const breakerOf = async (id: string): Promise<ShownBreaker> => {
    const { breakers } = (await gateway.status()) as { breakers: Record<string, ShownBreaker> };
    const found = breakers[id];
    if (found === undefined) throw new Error(`no breaker ${id} among ${Object.keys(breakers).join(", ")}`);
    return found;
  };
  return {
    gateway,
    backend,
    get: (path = "/") => send(`${gateway.url}${path}`),
    breaker: (id = GUARDED) => breakerOf(id),
    until: (state, id = GUARDED) =>
      eventually(`${id} is ${state}`, async () => {
        const shown = await breakerOf(id);
        return shown.state === state && shown;
      }),
    changes: async (id = GUARDED) => changesOf(await gateway.errorLog(), id),
    pin: (connections = 1) => pinWorkers(gateway, "/free", connections),
    alone: async () => {
      const [one] = await pinWorkers(gateway, "/free");
      if (one === undefined) throw new Error("the gateway has no workers");
      return (path = "/") => one.send(path);
    },
  };
}

/** Sends requests one after the other and gives their statuses. */
export async function statusesInTurn(count: number, one: () => Promise<Answer>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push((await one()).status);
  return found;
}
