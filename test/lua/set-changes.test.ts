import fc from "fast-check";
import { setChanges } from "../../plugins/dynamic-upstreams/set-changes.ts";
import { differential } from "../harness/differential.ts";

const entry = fc.record(
  {
    host: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.10", "::1", "fe80::2"),
    port: fc.constantFrom(80, 8080),
    weight: fc.constantFrom(1, 2.5),
    priority: fc.nat(1),
    zone: fc.constantFrom("a", "b"),
    draining: fc.boolean(),
  },
  { requiredKeys: ["host", "port", "weight", "priority"] },
);
const set = fc.uniqueArray(entry, { selector: ({ host, port }) => `${host} ${String(port)}`, maxLength: 10 });

differential("setChanges", {
  module: "autoscale.plugins.dynamic-upstreams.set-changes",
  folders: ["plugins/dynamic-upstreams"],
  ts: setChanges,
  arbitrary: fc.tuple(set, set),
});
