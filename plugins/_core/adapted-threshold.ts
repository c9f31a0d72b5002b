type Criticality = "low" | "normal" | "high";

/** No threshold adapts below this share of what was configured, … */
const FLOOR_SHARE = 0.3;
/** … nor below this many percent, unless it was configured lower: one failure in twenty is no outage. */
const FLOOR_PERCENT = 5;

/** By how much a full load lowers the threshold: what matters least is given up first. */
function sensitivityOf(criticality: Criticality): number {
  if (criticality === "low") {
    return 0.6;
  }
  if (criticality === "high") {
    return 0.1;
  }
  return 0.4;
}

/**
 * The threshold under load: `max(floor, base * (1 - sensitivity * pressure))`, with
 * `floor = min(base, max(0.3 * base, 5))`. Falls as pressure rises; never above base.
 * @param basePercent above 0, to 100
 * @param criticality of the route: low 0.6, normal 0.4, high 0.1
 * @param pressure of the gateway, 0 idle to 1 saturated; values outside count as the nearer end, NaN as 0
 */
function adaptedThreshold(basePercent: number, criticality: Criticality, pressure: number): number {
  let load = 0;
  if (pressure >= 1) {
    load = 1;
  } else if (pressure > 0) {
    load = pressure;
  }
  let floor = basePercent * FLOOR_SHARE;
  if (floor < FLOOR_PERCENT) {
    floor = FLOOR_PERCENT;
  }
  if (floor > basePercent) {
    floor = basePercent;
  }
  const adapted = basePercent * (1 - sensitivityOf(criticality) * load);
  return adapted > floor ? adapted : floor;
}

export { adaptedThreshold };
export type { Criticality };
