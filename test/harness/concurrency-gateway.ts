import { expect, onTestFinished } from "vitest";
import { gate, startBackend, type Backend, type Respond } from "./backend.ts";
import { eventually } from "./eventually.ts";
import { gatewayForTest, type Gateway } from "./gateway.ts";
import { sendMany, statuses, type Answer } from "./http-request.ts";
import { TELL_WORKER } from "./pinned-workers.ts";

export interface GuardedGateway {
  readonly gateway: Gateway;
  readonly backend: Backend;
  readonly url: string;
  inFlight(): Promise<number>;
  /** Exactly so many can go on at once: none too few, none too many. */
  expectPlaces(count: number): Promise<void>;
}

export const CRITICAL = { headers: { "x-priority": "critical" } };
export const never: Respond = () => new Promise(() => undefined);

/**
 * Four workers, a route `users` with a limit that stays where it is, and `/free` without one.
 * @param more of the plugin's configuration
 * @param nginx raw lines, instead of those that `/free` and pinned workers need
 */
export async function guardedGateway(places: number, more: object = {}, nginx: object = {}): Promise<GuardedGateway> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  const plugins = { "adaptive-concurrency": { limit: { initial: places, min: places, max: places }, ...more } };
  const gateway = await gatewayForTest({
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 }, timeouts: { read: 60 } } },
    routes: [{ name: "users", path: "/", upstream: "one", plugins }],
    nginx: { server: [TELL_WORKER, "location = /free { return 200 free; }"], ...nginx },
  });
  const inFlight = async (): Promise<number> => {
    const { concurrency } = (await gateway.status()) as { concurrency: Record<string, { in_flight: number }> };
    return concurrency["route:users"]?.in_flight ?? NaN;
  };
  return {
    gateway,
    backend,
    url: gateway.url,
    inFlight,
    expectPlaces: async (count) => {
      const before = backend.arrived.length;
      const held = gate();
      backend.respond = held.respond;
      const going = sendMany(count, gateway.url, CRITICAL);
      await eventually("all places are taken", () => backend.arrived.length >= before + count);
      expect(await inFlight()).toBe(count);
      expect(statuses(await sendMany(10, gateway.url, CRITICAL))).toEqual({ 503: 10 });
      held.open();
      expect(statuses(await going)).toEqual({ 200: count });
      await eventually("all have left", async () => (await inFlight()) === 0);
    },
  };
}

export const unanswered = (asked: Promise<Answer>): Promise<string> => asked.then(() => "answered").catch(() => "left");
