import type { Context } from "../_kit/context.ts";
import type { AdminResource, EmitMetric } from "../_kit/handlers.ts";

/**
 * How much of its limits a route gives now, in this worker: what the keeper's control loop has published, and what was said
 * by hand. Read without touching the store; it is refreshed by a timer.
 * @noSelf
 */
export interface Adaptation {
  /** Grows whenever `shareOf` may answer otherwise: what was computed from it is to be computed anew. */
  version(): number;
  /** Share of its limit that a tier with this floor has now, in [floor, 1]. @param surging a client far above what it is used to */
  shareOf(floor: number, surging: boolean): number;
  /** Counts a request of the client, and tells whether it is far above what it is used to. Always false without `surge_multiple`. */
  surges(key: string, cost: number, nowSeconds: number): boolean;
  /** log: what the route's upstream did. Undefined where nothing that was configured needs it: then there is no log phase. */
  readonly observe: ((this: void, context: Context) => void) | undefined;
  /** How many gateways share a local limit: at least 1. */
  replicas(): number;
  /** The external signal's place: `PUT /limits/<route>`, and the loop's state as people see it. */
  readonly resource: AdminResource;
  metrics(emit: EmitMetric): void;
  end(): void;
}
