import type {
  BreakerStatus,
  Decision,
  RouteStatus,
  Status,
} from "../../templates/openresty/status-page/model/status.ts";

/** A fixed point in time, Unix seconds. */
export const NOW = 1_763_789_000;

const wave = (mean: number, swing: number, phase: number): number[] =>
  Array.from({ length: 60 }, (_, step) =>
    Math.max(0, mean + swing * Math.sin(step / 5 + phase) + swing * 0.3 * Math.sin(step * 1.7)),
  );

function route(path: string, upstream: string, rps: number, p50: number, phase: number, errors: number): RouteStatus {
  return {
    path,
    hosts: [],
    methods: [],
    upstream,
    plugins: ["circuit-breaker", "endpoint-metrics"],
    rps,
    error_rate: errors,
    in_flight: Math.round(rps * p50),
    latency_p50: p50,
    latency_p90: p50 * 3,
    latency_p99: p50 * 9,
    history: {
      step_seconds: 5,
      rps: wave(rps, rps / 3, phase),
      error_rate: wave(errors, errors / 2, phase + 1),
      latency_p50: wave(p50, p50 / 4, phase),
      latency_p90: wave(p50 * 3, p50, phase),
      latency_p99: wave(p50 * 9, p50 * 3, phase),
    },
  };
}

export const CLOSED: BreakerStatus = {
  state: "closed",
  reason: "",
  since: NOW - 7200,
  until: 0,
  calls: 412,
  failure_rate: 0.2,
  failure_threshold: 50,
};

export const OPEN: BreakerStatus = {
  state: "open",
  reason: "too many failures",
  since: NOW - 12,
  until: NOW + 18,
  calls: 24,
  failure_rate: 83.3,
  failure_threshold: 50,
};

/** A gateway that uses everything the page can show. */
export const FULL: Status = {
  version: "0.1.0",
  time: NOW,
  workers: 4,
  writable: true,
  node: {
    connections: { active: 42, reading: 0, writing: 11, waiting: 31 },
    cpu_ratio: 0.34,
    memory_bytes: 61_400_000,
    loop_lag_seconds: 0.0012,
    pressure: 0.21,
    uptime_seconds: 93_784,
  },
  routes: {
    checkout: { ...route("/api/v1/checkout", "payments", 38.2, 0.024, 1, 9.4), methods: ["POST"] },
    search: route("/api/v1/search", "search", 212.4, 0.011, 2, 0.02),
    users: { ...route("/api/v1/users", "users", 96.1, 0.0042, 3, 0), hosts: ["api.example.com"] },
  },
  upstreams: {
    payments: {
      protocol: "http",
      picked_by: "nginx",
      peers: { "10.0.2.1:8080": { state: "up", weight: 1 } },
      ...route("/", "", 38.2, 0.024, 1, 9.4),
    },
    search: {
      protocol: "http",
      picked_by: "lua",
      policy: "peak-ewma",
      panic: true,
      peers_available: 4,
      peers_total: 5,
      sources: {
        "consul search at 127.0.0.1:8500": {
          state: "failing",
          since: NOW - 95,
          problem: "it cannot be reached: connection refused",
          peers: 4,
        },
        "dns search.example.com address": { state: "ok", since: NOW - 7200, peers: 1 },
      },
      rps: 212.4,
      error_rate: 0.02,
      in_flight: 3,
      latency_p99: 0.099,
      desired_replicas: 3,
      reason: "212.4 rps is 2.1 times the target of 100",
      peers: {
        "10.0.1.1:8080": {
          state: "up",
          why: "",
          weight: 1,
          priority: 0,
          zone: "eu-1a",
          takes_requests: true,
          in_flight: 3,
          latency_seconds: 0.0113,
        },
        "10.0.1.2:8080": {
          state: "drain",
          why: "by hand: new disk",
          weight: 1,
          priority: 0,
          override_until: NOW + 260,
        },
        "10.0.1.3:8080": {
          state: "unhealthy",
          why: "3 probes in a row failed: connection refused",
          weight: 1,
          priority: 0,
          zone: "eu-1b",
          takes_requests: true,
          in_flight: 0,
        },
        "10.0.1.4:8080": {
          state: "ejected",
          why: "5 failed requests in a row",
          weight: 2,
          priority: 1,
          zone: "eu-1b",
          ejected_until: NOW + 41,
          ejections: 2,
          takes_requests: true,
          in_flight: 1,
          latency_seconds: 0.212,
        },
        "10.0.1.5:8080": {
          state: "down",
          why: "by hand: gone",
          weight: 1,
          priority: 0,
          override_until: NOW + 900,
          takes_requests: false,
        },
      },
    },
    users: {
      protocol: "http",
      picked_by: "lua",
      policy: "round-robin",
      panic: false,
      peers_available: 2,
      peers_total: 2,
      sources: {},
      rps: 96.1,
      error_rate: 0,
      in_flight: 1,
      latency_p99: 0.038,
      peers: { "10.0.0.1:8080": { state: "up", weight: 2 }, "10.0.0.2:8080": { state: "up", weight: 1 } },
    },
  },
  breakers: {
    "route:checkout": OPEN,
    "route:search": CLOSED,
    "route:users": { ...CLOSED, state: "forced_closed", reason: "load test", until: NOW + 900, since: NOW - 40 },
    "upstream:search": { ...CLOSED, state: "half_open", reason: "probing", since: NOW - 3, calls: 4 },
  },
  limits: { search: { factor: 0.64, reason: "gateway CPU above 80 %" } },
  concurrency: { "route:checkout": { limit: 24, in_flight: 11 } },
  plugins: {
    "circuit-breaker": { errors: 0, seconds: 0.412 },
    "endpoint-metrics": { errors: 0, seconds: 1.9 },
  },
};

export const DECISIONS: readonly Decision[] = [
  {
    time: NOW - 12,
    plugin: "circuit-breaker",
    subject: "route:checkout",
    from: "closed",
    to: "open",
    reason: "too many failures",
    inputs: { calls: 24, failures: 20, failure_rate: 83.333, threshold: 50 },
  },
  {
    time: NOW - 340,
    plugin: "dynamic-upstreams",
    subject: "peer:search/10.0.1.3:8080",
    from: "healthy",
    to: "unhealthy",
    reason: "3 probes in a row failed: connection refused",
    inputs: { unhealthy_after: 3 },
  },
  {
    time: NOW - 900,
    plugin: "adaptive-rate-limit",
    subject: "search",
    from: "1",
    to: "0.64",
    reason: "gateway CPU above 80 %",
  },
];
