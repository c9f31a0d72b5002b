import type { Config } from "./config.ts";

/** Labels that every series has, and the one of a histogram's buckets. */
const TAKEN = ["route", "method", "status", "upstream", "le"];

/** Cross-field rules: a sentence saying what is wrong and how to mend it, or undefined. */
export function check(config: Config): string | undefined {
  let before = 0;
  for (const bound of config.buckets) {
    if (bound <= before) {
      return "buckets must rise: sort them, and name none twice";
    }
    before = bound;
  }
  for (const name of TAKEN) {
    if (config.labels[name] !== undefined) {
      return `labels has "${name}", which is a label already: give it another name`;
    }
  }
  for (const label in config.label_values.allow) {
    if (config.labels[label] === undefined) {
      return `label_values.allow names "${label}", which labels does not have: add it there or leave it out here`;
    }
  }
  const autoscale = config.autoscale;
  if (autoscale !== undefined && autoscale.min > autoscale.max) {
    return "autoscale.min is above autoscale.max: lower min or raise max";
  }
  return undefined;
}
