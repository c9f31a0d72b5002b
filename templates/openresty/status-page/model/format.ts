/** Numbers as people read them. A figure that is not known is a dash, never a zero. */

export const UNKNOWN = "–";
/** Between a number and its unit: a line never breaks there. */
const GAP = "\u00a0";

function known(value: number | undefined | null): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Two or three figures, as many as a glance takes in: 1.2, 12, 123. */
function figures(value: number): string {
  return value.toFixed(value >= 9.95 || value === 0 ? 0 : 1);
}

/** @param value per second */
export function rate(value: number | undefined): string {
  if (!known(value)) return UNKNOWN;
  if (value >= 9999.5) return `${figures(value / 1000)}k/s`;
  if (value > 0 && value < 0.05) return "<0.1/s";
  return `${value === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)}/s`;
}

/** @param value in percent */
export function percent(value: number | undefined): string {
  if (!known(value)) return UNKNOWN;
  if (value > 0 && value < 0.05) return `<0.1${GAP}%`;
  return `${figures(value)}${GAP}%`;
}

/** @param value a share, 0 to 1 */
export function share(value: number | undefined): string {
  return known(value) ? percent(value * 100) : UNKNOWN;
}

/** @param seconds of a request: from microseconds to minutes */
export function latency(seconds: number | undefined): string {
  if (!known(seconds)) return UNKNOWN;
  if (seconds === 0) return `0${GAP}ms`;
  if (seconds < 0.0009995) return `${figures(seconds * 1e6)}${GAP}µs`;
  if (seconds < 0.9995) return `${figures(seconds * 1000)}${GAP}ms`;
  return `${seconds < 9.995 ? seconds.toFixed(2) : figures(seconds)}${GAP}s`;
}

export function count(value: number | undefined): string {
  return known(value)
    ? Math.round(value)
        .toFixed(0)
        .replace(/\B(?=(\d{3})+$)/g, ",")
    : UNKNOWN;
}

/** A number that may have a fraction: a weight, a factor. */
export function plain(value: number | undefined): string {
  return known(value) ? String(Number(value.toFixed(3))) : UNKNOWN;
}

export function bytes(value: number | undefined): string {
  if (!known(value)) return UNKNOWN;
  const units = ["B", "KB", "MB", "GB", "TB"];
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? rest.toFixed(0) : figures(rest)}${GAP}${units[unit] ?? ""}`;
}

const SPANS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** A length of time by one unit alone, `14 min`: a countdown that is as long at each look moves nothing. */
export function about(seconds: number | undefined): string {
  if (!known(seconds)) return UNKNOWN;
  const [unit, size] = SPANS.find(([, length]) => seconds >= length * 1.5) ?? ["s", 1];
  return `${String(Math.max(0, Math.round(seconds / size)))}${GAP}${unit}`;
}

/** The time of day where the reader is, `14:05:09`. */
export function clock(unixSeconds: number | undefined): string {
  if (!known(unixSeconds)) return UNKNOWN;
  const date = new Date(unixSeconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** `until 14:05:09 (3 min)`, or nothing when the time is over or there is none. */
export function untilText(until: number | undefined, now: number): string {
  return until === undefined || until <= now ? "" : `until ${clock(until)} (${about(until - now)})`;
}

/** A value of a decision's inputs, in one line. */
export function anything(value: unknown): string {
  if (typeof value === "number") return plain(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
