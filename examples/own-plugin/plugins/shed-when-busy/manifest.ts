import { definePlugin, schema as s } from "autoscale-lua";

export default definePlugin({
  name: "shed-when-busy",
  version: "1.0.0",
  description: "Turns requests away while this gateway is short of processor time.",
  priority: { openresty: 950, kong: 950, apisix: 950 },
  phases: ["access"],
  dicts: [],
  config: s.record(
    { above: s.number({ default: 0.8, min: 0, max: 1, description: "Pressure above which requests are shed." }) },
    { description: "When requests are turned away." },
  ),
});
