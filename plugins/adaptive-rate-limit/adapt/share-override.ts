/** The share that people, or alerts, have given a route's limits: it lies in the shared dict until its time is up. */
import type { Json, Store, StoreValue } from "../../_kit/ports.ts";

export interface ShareOverride {
  /** Above 0, at most 1; 1: an override that was ended. */
  readonly factor: number;
  readonly untilSeconds: number;
  readonly reason: string;
}

/** How long it can be told apart from one whose time was up that one was ended. */
const ENDED_SECONDS = 200;

export function readOverride(value: StoreValue | undefined, json: Json): ShareOverride | undefined {
  const override = typeof value === "string" ? (json.decode(value) as ShareOverride | undefined) : undefined;
  return override === undefined || typeof override.factor !== "number" ? undefined : override;
}

export function writeOverride(
  store: Store,
  key: string,
  override: ShareOverride,
  json: Json,
  nowSeconds: number,
): boolean {
  const { factor, untilSeconds, reason } = override;
  const ttl = factor < 1 ? untilSeconds - nowSeconds : ENDED_SECONDS;
  return store.set(key, json.encode({ factor, untilSeconds, reason }), ttl);
}
