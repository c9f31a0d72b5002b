import { ONE_CALL, ONE_FAILURE, ONE_SLOW } from "../_core/packed-counts.ts";
import type { Context, Try } from "../_kit/context.ts";
import type { Settings } from "./settings.ts";

/**
 * What the request that ends now says about its upstream, as packed counts of one call; 0 when it says nothing:
 * no upstream was asked, or the client left before it was slow.
 * @param lastedSeconds since the request began: no call can have taken longer
 */
function outcomeOf(settings: Settings, context: Context, lastedSeconds: number): number {
  if (!context.proxied()) {
    return 0;
  }
  let delta = ONE_CALL;
  const slowSeconds = settings.slowSeconds;
  const verdict = settings.verdicts[context.status()];
  if (verdict !== "passed") {
    if (verdict === "client_gone") {
      return lastedSeconds >= slowSeconds ? ONE_CALL + ONE_SLOW : 0;
    }
    if (verdict === "failed" || (verdict === "ask" && context.upstreamFailed())) {
      delta += ONE_FAILURE;
    }
  }
  // The upstream's own time is dear to read: only when it can matter.
  if (lastedSeconds >= slowSeconds) {
    const upstreamSeconds = context.upstreamSeconds();
    if (upstreamSeconds !== undefined && upstreamSeconds >= slowSeconds) {
      delta += ONE_SLOW;
    }
  }
  return delta;
}

/**
 * What one try at a peer says about that peer, as packed counts of one call; 0 when it says nothing.
 * @param clientGone the client left during this try
 */
function outcomeOfTry(settings: Settings, tried: Try, clientGone: boolean): number {
  const slow = tried.seconds >= settings.slowSeconds;
  const answered = tried.status > 0;
  if (!answered && clientGone) {
    return slow ? ONE_CALL + ONE_SLOW : 0;
  }
  let delta = slow ? ONE_CALL + ONE_SLOW : ONE_CALL;
  if (!answered || settings.verdicts[tried.status] === "failed") {
    delta += ONE_FAILURE;
  }
  return delta;
}

export { outcomeOf, outcomeOfTry };
