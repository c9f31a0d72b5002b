import fc from "fast-check";
import { failureReason } from "../../plugins/adaptive-rate-limit/redis/failure-reason.ts";
import { leaseSeconds, mostLeased, nextLease } from "../../plugins/adaptive-rate-limit/redis/lease-size.ts";
import { redisPlace } from "../../plugins/adaptive-rate-limit/redis/redis-url.ts";
import { readGrant } from "../../plugins/adaptive-rate-limit/redis/scripted-quota.ts";
import { differential } from "../harness/differential.ts";
import { replies } from "../harness/resp-wire.ts";

const FOLDERS = ["plugins/adaptive-rate-limit"];
const MODULES = "autoscale.plugins.adaptive-rate-limit.redis";

const part = fc.string({ unit: fc.constantFrom("a", "0", ":", "@", "/", "%", "4", "f", "[", "]", "."), maxLength: 12 });

differential("redisPlace", {
  module: `${MODULES}.redis-url`,
  ts: redisPlace,
  folders: FOLDERS,
  cases: {
    whole: ["rediss://li%40mits:s%3acret@[2001:db8::1]:7000/3"],
    "half a byte": ["redis://:%4@cache"],
  },
  arbitrary: fc.tuple(
    fc.tuple(fc.constantFrom("redis://", "rediss://", ""), part).map(([scheme, rest]) => scheme + rest),
  ),
});

const number = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const size = fc.integer({ min: 1, max: 10_000 });

differential("mostLeased", {
  module: `${MODULES}.lease-size`,
  ts: mostLeased,
  folders: FOLDERS,
  arbitrary: fc.tuple(fc.record({ limit: number, windowSeconds: number, burst: number }), size, fc.boolean()),
});

differential("nextLease", {
  module: `${MODULES}.lease-size`,
  ts: nextLease,
  folders: FOLDERS,
  arbitrary: fc.tuple(number, number, number),
});

differential("leaseSeconds", {
  module: `${MODULES}.lease-size`,
  ts: leaseSeconds,
  folders: FOLDERS,
  arbitrary: fc.tuple(number),
});

differential("failureReason", {
  module: `${MODULES}.failure-reason`,
  ts: failureReason,
  folders: FOLDERS,
  cases: { "in a sentence": ["ERR Error running script: -READONLY You can't write"], unknown: ["what?"] },
});

const integers = fc.array(fc.record({ kind: fc.constant("integer" as const), value: fc.integer() }), { maxLength: 6 });

differential("readGrant", {
  module: `${MODULES}.scripted-quota`,
  ts: readGrant,
  folders: FOLDERS,
  mutates: true,
  arbitrary: fc.tuple(
    fc.oneof(
      replies,
      integers.map((items) => ({ kind: "list" as const, items })),
    ),
    fc.constant({ admitted: false, granted: 0, remaining: 0, resetSeconds: 0, retrySeconds: 0 }),
  ),
});
