/** Plugins of ours that have a say in which peer a try goes to (`select_upstream`), where one of them picks the peers. */
import type { PeerPool } from "../../../plugins/_kit/context.ts";
import type { Bound } from "./bound.ts";
import { request } from "./kong-context.ts";

/** A field of ngx.ctx. */
const SELECTORS = "autoscale_selectors";

/** In access: it is asked before each try. */
export function addSelector(selector: Bound): void {
  const ctx = request();
  const present = ctx[SELECTORS] as Bound[] | undefined;
  if (present === undefined) {
    ctx[SELECTORS] = [selector];
  } else {
    present.push(selector);
  }
}

/** Lets all of them exclude peers of the try that begins. */
export function select(pool: PeerPool): void {
  const present = request()[SELECTORS] as readonly Bound[] | undefined;
  if (present === undefined) {
    return;
  }
  for (const { handlers, context, fault } of present) {
    const run = handlers.select_upstream;
    if (run !== undefined) {
      const [ok, thrown] = pcall(run, context, pool);
      if (!ok) {
        fault("select_upstream", thrown);
      }
    }
  }
}
