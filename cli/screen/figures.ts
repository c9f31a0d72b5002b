/** Numbers as people read them: two or three digits that count, and a unit. Unknown ones are empty. */

export function rateText(rps: number | undefined): string {
  if (rps === undefined) return "";
  if (rps >= 10_000) return `${(rps / 1000).toFixed(1)}k`;
  return rps < 100 ? rps.toFixed(1) : rps.toFixed(0);
}

export function percentText(percent: number | undefined): string {
  if (percent === undefined) return "";
  return `${percent < 10 && percent !== 0 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}

/** A latency. @param seconds from 0 */
export function latencyText(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  if (seconds >= 10) return `${seconds.toFixed(0)} s`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
}

const STEPS = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
] as const;

/** A span of time in its largest two units: `45s`, `5m`, `2h 5m`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  for (const [index, [unit, length]] of STEPS.entries()) {
    if (whole < length) continue;
    const [smaller, step] = STEPS[index + 1] ?? ["s", 1];
    const rest = Math.floor((whole % length) / step);
    return `${Math.floor(whole / length)}${unit}${rest === 0 ? "" : ` ${rest}${smaller}`}`;
  }
  return `${whole}s`;
}

export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return "";
  const mebibytes = bytes / 1024 / 1024;
  return mebibytes >= 1024 ? `${(mebibytes / 1024).toFixed(1)} GiB` : `${mebibytes.toFixed(0)} MiB`;
}

export function countText(count: number | undefined): string {
  if (count === undefined) return "";
  return Number.isInteger(count) ? count.toFixed(0) : String(Number(count.toFixed(2)));
}

/** The time of day here. @param time seconds since the epoch */
export function clockText(time: number): string {
  return new Date(time * 1000).toTimeString().slice(0, 8);
}
