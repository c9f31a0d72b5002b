/**
 * Rows about requests: what callers, routes, upstreams and breakers see.
 * A panel: kind, title, width of 24, unit, help, and queries by the text of their legend.
 */
const ROUTES = '{route=~"$route"}';
const UPSTREAMS = '{upstream=~"$upstream"}';
const BOTH = 'route=~"$route", upstream=~"$upstream"';

const overview = {
  title: "Overview",
  panels: [
    {
      kind: "stat",
      title: "Requests",
      width: 4,
      unit: "reqps",
      help: "Of the chosen routes, over a minute.",
      queries: { requests: `sum(route:gateway_requests:rate1m${ROUTES})` },
    },
    {
      kind: "stat",
      title: "Errors",
      width: 4,
      unit: "percentunit",
      alarm: [0.01, 0.05],
      help: "Share of the answers that are 5xx.",
      queries: {
        errors: `sum(route:gateway_request_errors:rate1m${ROUTES}) / (sum(route:gateway_requests:rate1m${ROUTES}) > 0)`,
      },
    },
    {
      kind: "stat",
      title: "p99",
      width: 4,
      unit: "s",
      alarm: [0.5, 1],
      help: "One answer of a hundred takes longer.",
      queries: {
        p99: `histogram_quantile(0.99, sum by (le) (rate(gateway_request_duration_seconds_bucket{${BOTH}}[1m])))`,
      },
    },
    {
      kind: "stat",
      title: "In flight",
      width: 4,
      unit: "short",
      help: "Requests that are not answered yet.",
      queries: { "in flight": `sum(gateway_requests_in_flight{${BOTH}})` },
    },
    {
      kind: "stat",
      title: "Alerts that fire",
      width: 4,
      unit: "short",
      alarm: [1, 1],
      help: "Of the rules in prometheus/rules/alerts.yml.",
      queries: { alerts: 'count(ALERTS{alertstate="firing", alertname=~"Gateway.*"}) or vector(0)' },
    },
    {
      kind: "stat",
      title: "Gateways",
      width: 4,
      unit: "short",
      help: "Gateways that Prometheus reaches.",
      queries: { gateways: 'sum(up{job="gateway"})' },
    },
  ],
};

const routes = {
  title: "Routes",
  panels: [
    {
      kind: "timeseries",
      title: "Requests by route",
      width: 8,
      unit: "reqps",
      help: "",
      queries: { "{{route}}": `route:gateway_requests:rate1m${ROUTES}` },
    },
    {
      kind: "timeseries",
      title: "Errors by route",
      width: 8,
      unit: "percentunit",
      help: "Share of the answers that are 5xx.",
      queries: { "{{route}}": `route:gateway_request_errors:ratio_rate1m${ROUTES}` },
    },
    {
      kind: "timeseries",
      title: "Answers by status",
      width: 8,
      unit: "reqps",
      help: "",
      queries: { "{{status}}": `sum by (status) (rate(gateway_requests_total{${BOTH}}[$__rate_interval]))` },
    },
    {
      kind: "timeseries",
      title: "Latency by route",
      width: 8,
      unit: "s",
      help: "The whole request, as the caller sees it.",
      queries: {
        "p50 {{route}}": `route:gateway_request_duration_seconds:p50_rate1m${ROUTES}`,
        "p90 {{route}}": `route:gateway_request_duration_seconds:p90_rate1m${ROUTES}`,
        "p99 {{route}}": `route:gateway_request_duration_seconds:p99_rate1m${ROUTES}`,
      },
    },
    {
      kind: "timeseries",
      title: "In flight by route",
      width: 8,
      unit: "short",
      help: "",
      queries: { "{{route}}": `sum by (route) (gateway_requests_in_flight{${BOTH}})` },
    },
    {
      kind: "timeseries",
      title: "Bytes",
      width: 8,
      unit: "Bps",
      help: "Bodies and headers of requests (in) and answers (out).",
      queries: {
        "in {{route}}": `sum by (route) (rate(gateway_request_bytes_total{${BOTH}}[$__rate_interval]))`,
        "out {{route}}": `sum by (route) (rate(gateway_response_bytes_total{${BOTH}}[$__rate_interval]))`,
      },
    },
  ],
};

const upstreams = {
  title: "Upstreams and autoscaling",
  panels: [
    {
      kind: "timeseries",
      title: "Requests by upstream",
      width: 8,
      unit: "reqps",
      help: "",
      queries: { "{{upstream}}": `upstream:gateway_requests:rate1m${UPSTREAMS}` },
    },
    {
      kind: "timeseries",
      title: "Latency of upstreams",
      width: 8,
      unit: "s",
      help: "From the request sent to a peer to the last byte of its answer.",
      queries: {
        "p50 {{upstream}}": `upstream:gateway_upstream_duration_seconds:p50_rate1m${UPSTREAMS}`,
        "p99 {{upstream}}": `upstream:gateway_upstream_duration_seconds:p99_rate1m${UPSTREAMS}`,
      },
    },
    {
      kind: "timeseries",
      title: "Replicas",
      width: 8,
      unit: "short",
      help: "What the autoscaler of endpoint-metrics asks for, and what it counts.",
      queries: {
        "desired {{upstream}}": `gateway_autoscale_desired_replicas${UPSTREAMS}`,
        "there {{upstream}}": `gateway_autoscale_replicas${UPSTREAMS}`,
      },
    },
  ],
};

const breakers = {
  title: "Circuit breakers",
  panels: [
    {
      kind: "state-timeline",
      title: "State",
      width: 8,
      states: [
        { text: "closed", color: "green" },
        { text: "half-open", color: "yellow" },
        { text: "open", color: "red" },
      ],
      help: "Forced states included.",
      queries: { "{{breaker}}": "max by (breaker) (gateway_breaker_state)" },
    },
    {
      kind: "timeseries",
      title: "Failures in the window",
      width: 8,
      unit: "percentunit",
      help: "Beside the share that trips the breaker, as adapted to load.",
      queries: {
        "{{breaker}}": "max by (breaker) (gateway_breaker_failure_ratio)",
        "trips at, {{breaker}}": "min by (breaker) (gateway_breaker_failure_threshold_ratio)",
      },
    },
    {
      kind: "timeseries",
      title: "Turned away",
      width: 8,
      unit: "reqps",
      help: "Requests that an open breaker answered itself.",
      queries: { "{{breaker}}": "sum by (breaker) (rate(gateway_breaker_rejected_total[$__rate_interval]))" },
    },
  ],
};

const models = {
  title: "AI models",
  panels: [
    {
      kind: "timeseries",
      title: "Tokens a second",
      width: 12,
      unit: "short",
      help: "As the answers of OpenAI's format tell.",
      queries: {
        "{{model}} {{type}}": `sum by (model, type) (rate(gateway_ai_tokens_total{${BOTH}}[$__rate_interval]))`,
      },
    },
    {
      kind: "timeseries",
      title: "Requests by model",
      width: 12,
      unit: "reqps",
      help: "Of routes with a label of this name.",
      queries: {
        "{{model}}": `sum by (model) (rate(gateway_requests_total{${BOTH}, model!=""}[$__rate_interval]))`,
      },
    },
  ],
};

export const ROUTE_ROWS = [overview, routes, upstreams];
export const BREAKER_ROWS = [breakers, models];
