import { integerText } from "./text.ts";

const MILLION = 1_000_000;

/** Six decimals and never an exponent, which not every reader of StatsD takes. From 0 to 1e8. */
function decimalText(value: number): string {
  const millionths = Math.floor(value * MILLION + 0.5);
  const whole = Math.floor(millionths / MILLION);
  return `${integerText(whole)}.${integerText(MILLION + millionths - whole * MILLION).slice(1)}`;
}

/**
 * 1 / `count` in decimal digits, for StatsD's sample rate. Receivers count int(1 / rate) times, so it is rounded down: a
 * little less is still `count` times, a little more would be one less.
 * @param count a whole number from 1 to 1e12
 */
function sampleRate(count: number): string {
  if (count <= 1) {
    return "1";
  }
  let scale = 1e12;
  let zeros = "";
  while (scale / count < 1e11) {
    scale *= 10;
    zeros += "0";
  }
  let digits = Math.floor(scale / count);
  while (1 / (digits / scale) < count) {
    digits -= 1;
  }
  // Twelve digits behind the zeros; of 1e11 / 2 and the like the first one may be missing.
  return `0.${zeros}${integerText(1e12 + digits).slice(1)}`;
}

export { decimalText, sampleRate };
