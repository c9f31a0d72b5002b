/** A size as written: bytes, or a number with k, m or g (1024 each). */
export const SIZE_PATTERN = "^[0-9]{1,9}[kKmMgG]?$";

/** Bytes of `16m`, `64k`, `0` or a plain number. The text matches `SIZE_PATTERN`. */
export function bytesOf(size: string | number): number {
  if (typeof size === "number") return size;
  const unit = size.at(-1)?.toLowerCase() ?? "";
  const exponent = ["k", "m", "g"].indexOf(unit) + 1;
  return parseInt(size, 10) * 1024 ** exponent;
}
