import { schema as s } from "../_kit/schema/index.ts";

const KEY = s.string({
  description: "One thing of the request that clients are told apart by.",
  maxLength: 200,
  pattern: "^(?:client_address|path|route|consumer|constant|(?:header|cookie|query|path):[!-9;-~]+)$",
  expects: "client_address, path, route, consumer, constant, header:N, cookie:N, query:N or path:N",
});

const tiers = s.record(
  {
    by: s.string({
      description: "Where the tier of a request is said.",
      maxLength: 200,
      pattern: "^(?:consumer|header:[A-Za-z0-9-]+)$",
      expects: "header:N or consumer",
    }),
    default: s.string({
      description: "The tier of requests that say none, or one that is not in limits.",
      minLength: 1,
      maxLength: 100,
    }),
    limits: s.map(s.number({ above: 0, max: 1e9, description: "The tier's limit in place of `limit`." }), {
      description: "Limits by tier.",
      minEntries: 1,
      maxEntries: 100,
    }),
    floors: s.map(s.number({ min: 0.01, max: 1, description: "The tier's floor in place of `adapt.floor`." }), {
      default: {},
      description: "Floors by tier: the higher, the later a tier is cut under stress. 1: never.",
      maxEntries: 100,
    }),
  },
  { optional: true, description: "Limits by plan." },
);

/** The fields of a policy but its name, whose default differs. */
export const policyFields = {
  algorithm: s.oneOf(["gcra", "sliding-window", "fixed-window"], {
    default: "gcra",
    description: "Evenly with a burst, over the last window, or in each window of the clock.",
  }),
  limit: s.number({ default: 100, above: 0, max: 1e9, description: "How much cost is let through in window_seconds." }),
  window_seconds: s.number({ default: 60, min: 0.1, max: 2_678_400, description: "The time that the limit is for." }),
  burst: s.number({
    optional: true,
    min: 1,
    max: 1e9,
    description: "GCRA: what may come at once after a pause. Absent: a tenth of the limit, at least 1.",
  }),
  key: s.list(KEY, {
    default: ["client_address"],
    minItems: 1,
    maxItems: 8,
    description: "What clients are told apart by; several together are one key.",
  }),
  tiers,
  cost: s.number({ default: 1, above: 0, max: 1e6, description: "What each request takes of the limit." }),
  cost_from: s.string({
    optional: true,
    maxLength: 200,
    pattern: "^header:[A-Za-z0-9-]+$",
    expects: "header:N",
    description:
      "The header of the request that says what it costs, where that is more than `cost`. At most a million.",
  }),
  shared: s.string({
    optional: true,
    minLength: 1,
    maxLength: 100,
    pattern: "^[A-Za-z0-9_.-]+$",
    expects: "a name",
    description: "All routes that name it share this limit. Absent: each route has its own.",
  }),
} as const;

const NAME = { maxLength: 50, pattern: "^[a-z0-9_.-]+$", expects: "a name in small letters" } as const;

export const firstName = s.string({
  ...NAME,
  default: "default",
  description: "The policy's name in headers and metrics.",
});

export const also = s.list(
  s.record({
    name: s.string({ ...NAME, description: "The policy's name in headers and metrics; unique on the route." }),
    ...policyFields,
  }),
  { default: [], maxItems: 7, description: "More policies: a request must pass all of them." },
);
