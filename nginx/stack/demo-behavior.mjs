const DEFAULTS = { status: 200, delay_seconds: 0, error_rate: 0 };

/**
 * How a demo backend behaves until it is told otherwise: `status` for every answer, `delay_seconds` before it, and
 * `error_rate`, the share of requests (0 to 1) that get a 500. Throws with what is wrong.
 *
 * @param {Partial<typeof DEFAULTS>} [changes] those that are left out are as at first
 */
export function createBehavior(changes = {}) {
  const knobs = { ...DEFAULTS, ...changes };
  const unknown = Object.keys(knobs).filter((key) => !(key in DEFAULTS));
  if (unknown.length > 0) throw new Error(`unknown knob: ${unknown.join(", ")}`);
  requireNumber("status", knobs.status, 200, 599);
  requireNumber("delay_seconds", knobs.delay_seconds, 0, 600);
  requireNumber("error_rate", knobs.error_rate, 0, 1);
  let asked = 0;

  return {
    knobs,
    /** What the next request gets; `status` and `delay` in its query come before the knobs. */
    next(query) {
      const delaySeconds = query.has("delay") ? Number(query.get("delay")) : knobs.delay_seconds;
      requireNumber("delay", delaySeconds, 0, 600);
      if (query.has("status")) {
        const status = Number(query.get("status"));
        requireNumber("status", status, 200, 599);
        return { status, delaySeconds };
      }
      asked += 1;
      // Evenly, not at random: after n requests exactly floor(n x rate) have failed.
      const fails = errorsAfter(asked, knobs.error_rate) > errorsAfter(asked - 1, knobs.error_rate);
      return { status: fails ? 500 : knobs.status, delaySeconds };
    },
  };
}

/** The small term makes 10 x 0.3 three, whatever binary fractions say. */
function errorsAfter(requests, rate) {
  return Math.floor(requests * rate + 1e-9);
}

function requireNumber(name, value, min, max) {
  if (typeof value === "number" && value >= min && value <= max) return;
  throw new Error(`${name}: found ${JSON.stringify(value)}, allowed: ${min} to ${max}`);
}
