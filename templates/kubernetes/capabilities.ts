import { sourcesOf } from "../../cli/build/model.ts";
import type { Capability } from "../../cli/build/target.ts";

/** What the pod changes of OpenResty's; all else is as there. */
export const capabilities: readonly Capability[] = [
  {
    feature: "peers from a file",
    support: "partial",
    note: "the file must be in the image: nothing mounts it; the name of a Service does as a target",
    askedAt: ({ gateway }) => {
      const fromFile = gateway.upstreams.filter((upstream) =>
        sourcesOf(upstream).some(({ file }) => file !== undefined),
      );
      return fromFile.map(({ name }) => `upstreams.${name}.discovery.file`);
    },
  },
  {
    feature: "listeners, TLS, admin server, workers, access log, resolver, raw lines",
    support: "full",
    note: "as with OpenResty; certificates come from Secrets, `workers: auto` is one a requested core",
  },
  { feature: "access log as JSON", support: "full", note: "the container's standard output" },
  {
    feature: "scaling of what is behind an upstream",
    support: "full",
    note: "a HorizontalPodAutoscaler or a ScaledObject of KEDA for each upstream with `autoscale`",
  },
];
