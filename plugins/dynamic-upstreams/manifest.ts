import { definePlugin } from "../_kit/manifest.ts";
import { schema as s } from "../_kit/schema/index.ts";
import { check } from "./check.ts";
import { balance } from "./manifest-balance.ts";
import { discovery } from "./manifest-discovery.ts";
import { health } from "./manifest-health.ts";
import { retries } from "./manifest-retries.ts";
import { targets } from "./manifest-targets.ts";

const config = s.record({ targets, discovery, balance, health, retries });

export default definePlugin({
  name: "dynamic-upstreams",
  version: "0.1.0",
  description: "Finds the peers of an upstream, watches their health, and sends each request to the best of them.",
  // The last word: below all that turns requests away or sends them elsewhere (Kong's request-termination has 2, APISIX's
  // traffic-split 966 and public-api 501). On OpenResty it is the upstream's balancer, and in no route's chain.
  priority: { openresty: 90, kong: 1, apisix: 499 },
  phases: ["access", "select_upstream", "log"],
  early: true,
  dicts: ["autoscale", "autoscale_upstreams"],
  config,
  check,
  stateName: (_config, { upstream }) => `upstream:${upstream}`,
});
