/** A row about rate and concurrency limits: what they let through now, and what they turn away. */
const ROUTES = 'route=~"$route"';

const limits = {
  title: "Limits",
  panels: [
    {
      kind: "timeseries",
      title: "Refused by rate limits",
      width: 6,
      unit: "reqps",
      help: "By policy, over all gateways.",
      queries: {
        "{{route}} {{policy}}": `sum by (route, policy) (rate(gateway_rate_limit_requests_total{${ROUTES}, result="refused"}[$__rate_interval]))`,
      },
    },
    {
      kind: "timeseries",
      title: "Share of rate limits in force",
      width: 6,
      unit: "percentunit",
      help: "Of the gateway under most stress: what is left of each route's limits.",
      queries: { "{{route}}": `min by (route) (gateway_rate_limit_share_ratio{${ROUTES}})` },
    },
    {
      kind: "timeseries",
      title: "Concurrency",
      width: 6,
      unit: "short",
      help: "Requests under way, beside how many may be, over all gateways.",
      queries: {
        "under way, {{concurrency}}": "sum by (concurrency) (gateway_concurrency_in_flight)",
        "limit, {{concurrency}}": "sum by (concurrency) (gateway_concurrency_limit)",
      },
    },
    {
      kind: "timeseries",
      title: "Admitted and shed",
      width: 6,
      unit: "reqps",
      help: "By concurrency limits.",
      queries: {
        "{{result}}, {{concurrency}}":
          "sum by (concurrency, result) (rate(gateway_concurrency_requests_total[$__rate_interval]))",
      },
    },
  ],
};

export const LIMIT_ROWS = [limits];
