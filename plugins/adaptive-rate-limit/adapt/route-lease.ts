import type { Store } from "../../_kit/ports.ts";

/**
 * Which worker does something for a route. It is not simply the node's keeper: on Kong and APISIX a worker knows only the routes that
 * it had a request of, so the keeper may not know this one. A claim: `add` elects one, which renews it at each call; when
 * it dies, or ends, another one has it `seconds` later.
 * @param slot of this worker
 * @returns whether this worker is the one; to be called more often than each `seconds`
 */
export function routeLease(
  store: Store,
  key: string,
  slot: (this: void) => number,
  seconds: number,
): (this: void) => boolean {
  return () => {
    const own = slot();
    const isRenewed = store.get(key) === own && store.expire(key, seconds);
    return isRenewed || store.add(key, own, seconds);
  };
}
