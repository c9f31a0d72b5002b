/** So many queries may follow each other at once … */
const BURST = 2;
/** … and then one in so many seconds. */
const SECONDS_EACH = 1;

/**
 * Keeps a loop of waiting queries from becoming a busy one, when what they wait for changes all the time or the server does not
 * let them wait: a bucket of tokens, as Consul advises. The usual query waited long, and is followed at once.
 * @noSelf
 */
export interface QueryGate {
  /** How long to wait before the next query, of which this is the only word. */
  waitSeconds(nowSeconds: number): number;
}

export function createQueryGate(): QueryGate {
  let tokens = BURST;
  let atSeconds: number | undefined;

  return {
    waitSeconds: (nowSeconds) => {
      const passed = atSeconds === undefined || nowSeconds < atSeconds ? 0 : nowSeconds - atSeconds;
      const filled = Math.min(BURST, tokens + passed / SECONDS_EACH) - 1;
      tokens = filled;
      atSeconds = nowSeconds;
      return filled >= 0 ? 0 : -filled * SECONDS_EACH;
    },
  };
}
