/** What several kinds of sources have. */
import { schema as s } from "../_kit/schema/index.ts";
import { NAME } from "./manifest-words.ts";

/** No control character, no half of a character. */
export const PATH = {
  pattern: "^[ -~\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$",
  expects: "a path without control characters",
} as const;

export const verify = s.boolean({
  default: true,
  description: "Check the server's certificate, where it is asked by https.",
});

export const timeout = (seconds: number) =>
  s.number({ default: seconds, min: 0.1, max: 60, description: "Longest wait for a connection and for each answer." });

export const interval = (seconds: number, description: string) =>
  s.number({ default: seconds, min: 0.1, max: 3600, description });

/** What every source has. */
export const common = {
  weight: s.number({
    default: 1,
    above: 0,
    max: 1000,
    description: "Factor for the weights of its peers: its share beside other sources.",
  }),
  zone: s.string({ ...NAME, optional: true, description: "The zone of its peers that tell none themselves." }),
  priority: s.integer({
    default: 0,
    min: 0,
    max: 100,
    description: "Added to the priorities of its peers: those of the lowest are used first.",
  }),
  allow_empty: s.boolean({
    default: false,
    description: "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
  }),
};
