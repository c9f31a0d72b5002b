/** Rows about the gateway itself. */
const workers = {
  title: "Workers",
  panels: [
    {
      kind: "timeseries",
      title: "Processor time",
      width: 6,
      unit: "percentunit",
      help: "Of one core, by worker.",
      queries: {
        "{{instance}} {{worker}}":
          "sum by (instance, worker) (rate(gateway_worker_cpu_seconds_total[$__rate_interval]))",
      },
    },
    {
      kind: "timeseries",
      title: "Memory",
      width: 6,
      unit: "bytes",
      help: "The whole process, and Lua's part of it.",
      queries: {
        "all {{instance}} {{worker}}": "gateway_worker_memory_bytes",
        "Lua {{instance}} {{worker}}": "gateway_worker_lua_memory_bytes",
      },
    },
    {
      kind: "timeseries",
      title: "Lag of the event loop",
      width: 6,
      unit: "s",
      help: "By how much a timer is late: something blocks the worker.",
      queries: { "{{instance}} {{worker}}": "gateway_worker_loop_lag_seconds" },
    },
    {
      kind: "timeseries",
      title: "Pressure",
      width: 6,
      unit: "percentunit",
      help: "What plugins adapt to: 0 idle, 1 as busy as it can be.",
      queries: { "{{instance}} {{worker}}": "gateway_worker_pressure_ratio" },
    },
  ],
};

const memory = {
  title: "Connections, memory and plugins",
  panels: [
    {
      kind: "timeseries",
      title: "Connections",
      width: 6,
      unit: "short",
      help: "",
      queries: { "{{state}}": "sum by (state) (gateway_connections)" },
    },
    {
      kind: "timeseries",
      title: "Shared dicts",
      width: 6,
      unit: "percentunit",
      help: "The share that is taken. Whole pages are counted, so a small dict looks fuller than it is.",
      queries: {
        "{{instance}} {{dict}}": "1 - gateway_shared_dict_free_bytes / gateway_shared_dict_capacity_bytes",
        "evictions a second, {{dict}}": "sum by (dict) (rate(gateway_shared_dict_evictions_total[$__rate_interval]))",
      },
    },
    {
      kind: "timeseries",
      title: "Time in plugins",
      width: 6,
      unit: "percentunit",
      help: "Seconds a second, of all workers; and errors a second.",
      queries: {
        "{{plugin}}": "sum by (plugin) (rate(gateway_plugin_seconds_total[$__rate_interval]))",
        "errors, {{plugin}}": "sum by (plugin) (rate(gateway_plugin_errors_total[$__rate_interval]))",
      },
    },
    {
      kind: "timeseries",
      title: "Series of endpoint-metrics",
      width: 6,
      unit: "short",
      help: "Beyond the limit, requests are counted under the label other.",
      queries: {
        "{{instance}}": "gateway_metrics_series",
        "limit {{instance}}": "gateway_metrics_series_limit",
        "overflow a second": "sum(rate(gateway_metrics_overflow_total[$__rate_interval]))",
      },
    },
  ],
};

export const GATEWAY_ROWS = [workers, memory];
