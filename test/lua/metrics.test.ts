import fc from "fast-check";
import { bucketOf, newBucketIndex } from "../../plugins/_core/bucket-index.ts";
import { seriesBytes, seriesThatFit } from "../../plugins/endpoint-metrics/capacity.ts";
import { traceIdOf } from "../../plugins/endpoint-metrics/exemplar.ts";
import { differential } from "../harness/differential.ts";

const bounds = fc
  .uniqueArray(fc.oneof(fc.double({ min: 1e-6, max: 3600, noNaN: true }), fc.integer({ min: 1, max: 1100 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((list) => list.sort((a, b) => a - b));
const durations = fc.oneof(
  fc.double({ min: -1, max: 4000, noNaN: true }),
  fc.integer({ min: 0, max: 1100 }).map((milliseconds) => milliseconds / 1000),
);

differential("newBucketIndex", {
  module: "autoscale.core.bucket-index",
  ts: newBucketIndex,
  arbitrary: fc.tuple(bounds),
  runs: 50,
});
const usual = newBucketIndex([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
differential("bucketOf", {
  module: "autoscale.core.bucket-index",
  ts: bucketOf,
  cases: { "at a bound": [usual, 1.005 - 1], "one second": [usual, 1], "one of the last": [usual, 10.0004] },
  arbitrary: fc.tuple(fc.constant(usual), durations),
  runs: 300,
});

const folders = ["plugins/_core", "plugins/endpoint-metrics"];
const capacity = "autoscale.plugins.endpoint-metrics.capacity";
differential("seriesBytes", {
  module: capacity,
  folders,
  ts: seriesBytes,
  arbitrary: fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(5000)),
});
differential("seriesThatFit", {
  module: capacity,
  folders,
  ts: seriesThatFit,
  arbitrary: fc.tuple(fc.nat(2 ** 31), fc.integer({ min: 128, max: 20_000 }), fc.nat(5000)),
});

const hexadecimal = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefG".split("")), minLength: length, maxLength: length });
differential("traceIdOf", {
  module: "autoscale.plugins.endpoint-metrics.exemplar",
  folders,
  ts: traceIdOf,
  cases: {
    "as in the specification": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
    "a later version, with more behind it": ["01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what"],
    "version 00 with more behind it": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what"],
    "no version": ["ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
    "no trace": ["00-00000000000000000000000000000000-00f067aa0ba902b7-01"],
    "no parent": ["00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"],
    "large letters": ["00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01"],
    nothing: [""],
  },
  arbitrary: fc
    .tuple(hexadecimal(2), hexadecimal(32), hexadecimal(16), hexadecimal(2))
    .map(([version, trace, parent, flags]) => [`${version}-${trace}-${parent}-${flags}`] as [string]),
});
