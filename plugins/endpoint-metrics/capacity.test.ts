import { expect, it } from "vitest";
import { seriesBytes, seriesThatFit } from "./capacity.ts";

const MEGABYTE = 1024 * 1024;

it("the default dict bears the default number of series with the default buckets", () => {
  expect(seriesThatFit(32 * MEGABYTE, seriesBytes(11, 0), 10)).toBeGreaterThanOrEqual(5000);
});

it("more buckets, longer labels and more routes leave room for fewer", () => {
  const plain = seriesThatFit(32 * MEGABYTE, seriesBytes(11, 0), 10);
  expect(seriesThatFit(32 * MEGABYTE, seriesBytes(30, 0), 10)).toBeLessThan(plain);
  expect(seriesThatFit(32 * MEGABYTE, seriesBytes(11, 600), 10)).toBeLessThan(plain);
  expect(seriesThatFit(32 * MEGABYTE, seriesBytes(11, 0), 400)).toBeLessThan(plain);
  expect(seriesThatFit(MEGABYTE, seriesBytes(11, 0), 400)).toBe(0);
});
