import { samplePressure, smoothPressure } from "../../plugins/_core/pressure.ts";
import type { Pressure } from "../../plugins/_kit/ports.ts";
import { timerScope } from "./worker-timer.ts";

const SAMPLE_SECONDS = 1;
/** Clock ticks a second in /proc: 100 on every Linux that runs nginx (USER_HZ is part of its ABI). */
const TICKS_PER_SECOND = 100;

/** Seconds of processor this process has used, or undefined where there is no /proc. */
function usedSeconds(): number | undefined {
  const [file] = io.open("/proc/self/stat", "r");
  if (file === undefined) {
    return undefined;
  }
  const text = file.read("*a");
  file.close();
  // The name in parentheses may hold spaces: count from the last one. Then utime and stime are fields 12 and 13.
  const [user, system] = string.match(text ?? "", "^.*%) %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ (%d+) (%d+)");
  const userTicks = tonumber(user);
  const systemTicks = tonumber(system);
  if (userTicks === undefined || systemTicks === undefined) {
    return undefined;
  }
  return (userTicks + systemTicks) / TICKS_PER_SECOND;
}

/** Samples this worker once a second. Without /proc only the lateness of the event loop counts. */
export function startWorkerPressure(): Pressure {
  let pressure = 0;
  let lastSeconds = ngx.now();
  let lastUsed = usedSeconds();
  timerScope().timer.every(SAMPLE_SECONDS, () => {
    ngx.update_time();
    const now = ngx.now();
    const elapsed = now - lastSeconds;
    if (elapsed <= 0) {
      lastSeconds = now;
      return;
    }
    const used = usedSeconds();
    const share = used !== undefined && lastUsed !== undefined ? (used - lastUsed) / elapsed : 0;
    pressure = smoothPressure(pressure, samplePressure(share, elapsed - SAMPLE_SECONDS));
    lastSeconds = now;
    lastUsed = used;
  });
  return { read: () => pressure };
}
