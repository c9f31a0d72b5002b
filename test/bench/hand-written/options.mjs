/** The hand-written breaker's settings: the same as the circuit breaker's in ../gateway.yaml. */
export const HAND_WRITTEN_OPTIONS = {
  window_seconds: 10,
  minimum_calls: 20,
  failure_rate: 50,
  slow_seconds: 5,
  slow_rate: 100,
  open_seconds: 30,
  open_multiplier: 2,
  open_max_seconds: 300,
  open_jitter: 0.1,
  half_open_calls: 10,
  half_open_timeout_seconds: 30,
  reject_status: 503,
};

/** @param {Record<string, number>} fields @returns {string} a Lua table constructor */
export function luaTable(fields) {
  return `{ ${Object.entries(fields)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ")} }`;
}
