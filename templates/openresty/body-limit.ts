/**
 * Limits of the body where several routes share a location. nginx compares Content-Length with the limit of the location
 * it finds by path, before one of the routes is chosen, and not again: so that location has the largest limit, and each
 * route with a smaller one compares for itself.
 */
import type { Route } from "../../cli/build/model.ts";

type Limited = Pick<Route, "maxBodyBytes">;

/** The limit that lets through what any of the routes takes; 0: none. */
export function largestLimit(routes: readonly Limited[]): number {
  const limits = routes.map((route) => route.maxBodyBytes);
  return limits.includes(0) ? 0 : Math.max(...limits);
}

/** A regex that decimal numbers above `limit` match: nginx has no way to compare numbers. */
export function aboveRegex(limit: number): string {
  const digits = String(limit);
  const longer = `[1-9][0-9]{${digits.length},}`;
  const sameLength = digits.split("").flatMap((digit, index) => {
    if (digit === "9") return [];
    return [`${digits.slice(0, index)}[${Number(digit) + 1}-9][0-9]{${digits.length - index - 1}}`];
  });
  return `^0*(?:${[...sameLength, longer].join("|")})$`;
}
