import { samplePressure, smoothPressure } from "../../plugins/_core/pressure.ts";
import type { Pressure } from "../../plugins/_kit/ports.ts";
import { residentBytes, usedSeconds } from "./process-figures.ts";
import { timerScope } from "./worker-timer.ts";
import { writeVitals } from "./worker-vitals.ts";

const SAMPLE_SECONDS = 1;
const BYTES_PER_KILOBYTE = 1024;

/**
 * Samples this worker once a second, and writes its vitals. Without /proc only the lateness of the event loop counts.
 */
export function startWorkerPressure(): Pressure {
  let pressure = 0;
  let lastSeconds = ngx.now();
  let lastUsed = usedSeconds();

  function write(used: number | undefined, cpuShare: number, lagSeconds: number): void {
    writeVitals({
      cpuSeconds: used ?? 0,
      cpuShare,
      memoryBytes: residentBytes() ?? 0,
      luaBytes: collectgarbage("count") * BYTES_PER_KILOBYTE,
      lagSeconds,
      pressure,
    });
  }

  write(lastUsed, 0, 0);
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
    const lagSeconds = math.max(0, elapsed - SAMPLE_SECONDS);
    pressure = smoothPressure(pressure, samplePressure(share, lagSeconds));
    lastSeconds = now;
    lastUsed = used;
    write(used, share, lagSeconds);
  });
  return { read: () => pressure };
}
