/**
 * How long plugins' handlers take: one call in 128 is timed and counts for all. A handler that waits (for a request's body)
 * counts its waiting too; one that throws is counted among the errors only.
 */
import * as ffi from "ffi";
import type { Handlers, Phase } from "../../plugins/_kit/handlers.ts";
import { count } from "./worker-counters.ts";

const STRIDE = 128;
const PHASES: readonly Phase[] = ["rewrite", "access", "select_upstream", "header_filter", "body_filter", "log"];
const CLOCK_MONOTONIC = 1;
const NANOSECONDS = 1e-9;

// Under a name of our own: others in this Lua may have declared the function with types of theirs.
ffi.cdef(`
  typedef struct { long seconds; long nanoseconds; } autoscale_time;
  int autoscale_clock_gettime(int clock, autoscale_time *time) __asm__("clock_gettime");
`);
/** @noSelf */
interface Clocks {
  autoscale_clock_gettime(clock: number, time: FfiCdata): number;
}
const clocks = ffi.C as Clocks;
const time = ffi.new("autoscale_time");

/** Nanosecond clock: nginx's own stands still within a turn of the event loop. */
function monotonicSeconds(): number {
  clocks.autoscale_clock_gettime(CLOCK_MONOTONIC, time);
  const { seconds, nanoseconds } = time as unknown as { seconds: number; nanoseconds: number };
  return (tonumber(seconds) as number) + (tonumber(nanoseconds) as number) * NANOSECONDS;
}

/** How many calls to let pass, at random so that traffic with a rhythm cannot hide: 127 on average. */
function nextGap(): number {
  const gap = math.floor(math.random() * (2 * STRIDE - 1));
  return gap;
}

let left = nextGap();

type Handler = (this: void, first: unknown, second: unknown, third: unknown) => unknown;

function sampled(run: Handler, key: string): Handler {
  return (first, second, third) => {
    if (left > 0) {
      left -= 1;
      const result = run(first, second, third);
      return result;
    }
    left = nextGap();
    const begun = monotonicSeconds();
    const result = run(first, second, third);
    count(key, (monotonicSeconds() - begun) * STRIDE);
    return result;
  };
}

/** The counter of a plugin's seconds in the shared dict. */
export function pluginSecondsKey(plugin: string): string {
  return `seconds:${plugin}`;
}

/** The same handlers; some of their calls are timed. */
export function timedHandlers(plugin: string, handlers: Handlers): Handlers {
  const key = pluginSecondsKey(plugin);
  const timed: Record<string, unknown> = {};
  for (const [name, value] of pairs(handlers as unknown as Record<string, unknown>)) {
    timed[name] = value;
  }
  for (const phase of PHASES) {
    const run = timed[phase];
    if (run !== undefined) {
      timed[phase] = sampled(run as Handler, key);
    }
  }
  return timed;
}
