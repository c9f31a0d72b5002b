import fc from "fast-check";
import { windowAdmits, windowElapsed, windowNumber, windowRemaining } from "../../plugins/_core/limit/clock-window.ts";
import {
  EPOCH_SECONDS,
  gcraAdmits,
  gcraHorizon,
  gcraRemaining,
  gcraRetry,
  gcraStep,
} from "../../plugins/_core/limit/gcra.ts";
import { boundedKey, joinedParts } from "../../plugins/_core/limit/key-text.ts";
import { limitMember, policyMember, wholeRemaining, wholeSeconds } from "../../plugins/_core/limit/limit-fields.ts";
import { numberText } from "../../plugins/_core/limit/number-text.ts";
import { sharedBurst, sharedLimit } from "../../plugins/_core/limit/quota-share.ts";
import { retryAfterSeconds } from "../../plugins/_core/limit/retry-after.ts";
import { slidingRetry, slidingUsed } from "../../plugins/_core/limit/sliding-window.ts";
import { pathSegment } from "../../plugins/_core/path-segment.ts";
import { differential } from "../harness/differential.ts";

const limit = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
const windowSeconds = fc.double({ min: 0.1, max: 2_678_400, noNaN: true });
const cost = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const seconds = fc.double({ min: 0, max: 1e9, noNaN: true });
const now = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000);
const share = fc.double({ min: 0.01, max: 1, noNaN: true });
const ascii = fc.string({
  unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
});

const gcra = "autoscale.core.limit.gcra";
differential("gcraStep", {
  module: gcra,
  ts: gcraStep,
  cases: { epoch: [EPOCH_SECONDS, 1] },
  arbitrary: fc.tuple(limit, windowSeconds),
});
differential("gcraAdmits", { module: gcra, ts: gcraAdmits, arbitrary: fc.tuple(seconds, seconds, seconds) });
differential("gcraRemaining", { module: gcra, ts: gcraRemaining, arbitrary: fc.tuple(seconds, seconds, cost) });
differential("gcraRetry", { module: gcra, ts: gcraRetry, arbitrary: fc.tuple(seconds, seconds, seconds) });
differential("gcraHorizon", { module: gcra, ts: gcraHorizon, arbitrary: fc.tuple(seconds, windowSeconds) });

const windows = "autoscale.core.limit.clock-window";
differential("windowNumber", { module: windows, ts: windowNumber, arbitrary: fc.tuple(now, windowSeconds) });
differential("windowElapsed", {
  module: windows,
  ts: windowElapsed,
  arbitrary: fc
    .tuple(now, windowSeconds)
    .map(([at, length]): [number, number, number] => [at, length, windowNumber(at, length)]),
});
differential("windowAdmits", { module: windows, ts: windowAdmits, arbitrary: fc.tuple(cost, limit) });
differential("windowRemaining", { module: windows, ts: windowRemaining, arbitrary: fc.tuple(cost, limit) });

const sliding = "autoscale.core.limit.sliding-window";
differential("slidingUsed", { module: sliding, ts: slidingUsed, arbitrary: fc.tuple(cost, cost, share) });
differential("slidingRetry", {
  module: sliding,
  ts: slidingRetry,
  arbitrary: fc
    .tuple(cost, cost, cost, limit, share, windowSeconds)
    .map(([previous, current, more, most, part, length]): [number, number, number, number, number, number] => [
      previous,
      current,
      more,
      most,
      part * length,
      length,
    ]),
});

const quota = "autoscale.core.limit.quota-share";
const replicas = fc.integer({ min: 1, max: 10_000 });
differential("sharedLimit", { module: quota, ts: sharedLimit, arbitrary: fc.tuple(limit, share, replicas, cost) });
differential("sharedBurst", {
  module: quota,
  ts: sharedBurst,
  cases: { "none given": [undefined, 100, 0.5, 2, 1] },
  arbitrary: fc.tuple(fc.option(limit, { nil: undefined }), limit, share, replicas, cost),
});

differential("retryAfterSeconds", {
  module: "autoscale.core.limit.retry-after",
  ts: retryAfterSeconds,
  arbitrary: fc.tuple(seconds, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});

differential("numberText", {
  module: "autoscale.core.limit.number-text",
  ts: numberText,
  cases: { "the largest": [2 ** 31 - 1], "too large": [1e12], "next to nothing": [-1e-9] },
  arbitrary: fc.tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
});

const fields = "autoscale.core.limit.limit-fields";
differential("policyMember", {
  module: fields,
  ts: policyMember,
  arbitrary: fc.tuple(fc.constant("p"), limit, windowSeconds),
});
differential("wholeRemaining", { module: fields, ts: wholeRemaining, arbitrary: fc.tuple(seconds) });
differential("wholeSeconds", {
  module: fields,
  ts: wholeSeconds,
  cases: { "next to nothing": [1e-9] },
  arbitrary: fc.tuple(seconds),
});
differential("limitMember", {
  module: fields,
  ts: limitMember,
  cases: { "next to nothing": ['"p";r=', 1e-9, 1e-9] },
  arbitrary: fc.tuple(fc.constant('"p";r='), seconds, seconds),
});

const keys = "autoscale.core.limit.key-text";
differential("joinedParts", { module: keys, ts: joinedParts, arbitrary: fc.tuple(ascii, ascii) });
differential("boundedKey", {
  module: keys,
  ts: boundedKey,
  cases: { "100 bytes": ["x".repeat(100)], "101 bytes": ["x".repeat(101)] },
  arbitrary: fc.tuple(ascii),
});

differential("pathSegment", {
  module: "autoscale.core.path-segment",
  ts: pathSegment,
  cases: { second: ["/a/b/c", 2], none: ["/a", 2], "a slash at the end": ["/a/", 2] },
  arbitrary: fc.tuple(ascii, fc.integer({ min: 1, max: 5 })),
});
