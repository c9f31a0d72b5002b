import { expect, it } from "vitest";
import { samplesThatFit, seriesBytes, seriesThatFit } from "./capacity.ts";

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

it("history of few routes is five minutes; of more it is shorter, and the last of too many have none", () => {
  expect(samplesThatFit(32 * MEGABYTE, 11, 0, 20)).toBe(61);
  expect(samplesThatFit(32 * MEGABYTE, 11, 0, 1000)).toBe(26);
  expect(samplesThatFit(32 * MEGABYTE, 11, 0, 10_000)).toBe(13);
  expect(samplesThatFit(32 * MEGABYTE, 11, 9999, 10_000)).toBe(0);
});

it("history takes a fifth of the dict at most, however many routes there are", () => {
  for (const subjects of [1, 100, 1000, 2000, 20_000]) {
    let bytes = 0;
    for (let index = 0; index < subjects; index++) bytes += samplesThatFit(MEGABYTE, 11, index, subjects) * 256;
    expect(bytes).toBeLessThanOrEqual(0.2 * MEGABYTE);
  }
});
