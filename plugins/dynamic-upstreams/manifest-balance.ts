import { schema as s } from "../_kit/schema/index.ts";
import { HEADER_NAME, NAME } from "./manifest-words.ts";

const hashOn = s.list(
  s.string({
    pattern:
      "^(?:header:[A-Za-z0-9-]{1,64}|cookie:[A-Za-z0-9_.-]{1,64}|query:[A-Za-z0-9_.-]{1,64}|path|client_address)$",
    expects: "header:NAME, cookie:NAME, query:NAME, path or client_address",
    description: "A part of the request.",
  }),
  {
    default: [],
    maxItems: 8,
    unique: true,
    description: "For consistent-hash: requests that are equal in all of these go to the same peer.",
  },
);

/** How a peer is chosen. */
export const balance = s.record({
  policy: s.oneOf(["round-robin", "least-request", "peak-ewma", "consistent-hash"], {
    default: "round-robin",
    description: "How a peer is chosen.",
  }),
  hash_on: hashOn,
  hash_balance_factor: s.number({
    default: 1.25,
    above: 1,
    max: 100,
    description: "With consistent-hash no peer has more than so many times its share of the requests under way.",
  }),
  decay_seconds: s.number({
    default: 10,
    min: 0.1,
    max: 600,
    description: "Over how long peak-ewma forgets a latency: the time constant of its average.",
  }),
  slow_start_seconds: s.number({
    default: 0,
    min: 0,
    max: 3600,
    description: "How long the share of a new or recovered peer rises to its own; 0: at once.",
  }),
  slow_start_aggression: s.number({
    default: 1,
    above: 0,
    max: 100,
    description: "1: the share rises evenly; above: faster at first.",
  }),
  panic_threshold: s.number({
    default: 50,
    min: 0,
    max: 100,
    description: "With fewer healthy peers than so many percent all are used; 0: only healthy ones.",
  }),
  zone: s.string({ ...NAME, optional: true, description: "The zone this gateway stands in; its peers are preferred." }),
  load_header: s.string({
    ...HEADER_NAME,
    optional: true,
    description: "The header in which peers tell their load, in ORCA's format: endpoint-load-metrics.",
  }),
  load_blackout_seconds: s.number({
    default: 10,
    min: 0,
    max: 3600,
    description: "What a new peer tells of its load is not followed for so long.",
  }),
  load_expiry_seconds: s.number({
    default: 180,
    min: 1,
    max: 86400,
    description: "What a peer told of its load holds no longer than this.",
  }),
});
