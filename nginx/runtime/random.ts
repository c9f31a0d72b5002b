import type { Random } from "../../plugins/_kit/ports.ts";

/** Every worker starts with the same generator state; its pid and the time tell them apart. Call in init_worker. */
export function seededRandom(): Random {
  math.randomseed(ngx.worker.pid() + math.floor(ngx.now() * 1000));
  return {
    next: () => {
      // A local first: a builtin in tail position would end the compiled trace.
      const value = math.random();
      return value;
    },
  };
}
