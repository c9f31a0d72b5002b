/** How values of options and arguments are written. Each parser throws InvalidArgumentError, which is wrong usage. */
import { InvalidArgumentError } from "commander";

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30s`, `5m`, `2h` to seconds. */
export function duration(written: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(written) ?? [];
  const seconds = Number(amount) * (UNIT_SECONDS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError("give a number above 0 and a unit, such as 30s, 5m, 2h or 1d");
}

/** A number from 0. */
export function amount(written: string): number {
  const value = /^\d+(\.\d+)?$/.test(written) ? Number(written) : NaN;
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError("give a number from 0, such as 0.5");
}

export function aboveZero(written: string): number {
  const value = amount(written);
  if (value > 0 && value <= 3600) return value;
  throw new InvalidArgumentError("give a number of seconds above 0, at most 3600");
}

/** A whole number from 1 to 1000. */
export function weight(written: string): number {
  const value = /^\d{1,4}$/.test(written) ? Number(written) : 0;
  if (value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("give a whole number from 1 to 1000");
}
