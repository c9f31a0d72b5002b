/** The geometry of a small chart: values in, paths of SVG out. */
import type { Series } from "./status.ts";

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface ChartPaths {
  /** The line through the values; a gap where one is not known. */
  readonly line: string;
  /** The same, closed along the bottom. */
  readonly area: string;
}

/** Kept free at the top and bottom, so that the line is not cut at its peaks. */
const MARGIN = 1.5;

/**
 * @param values oldest first; the newest stands at the right edge
 * @param ceiling the value at the top; larger values are cut there
 * @param slots how many values the width holds: a short history starts further right and not stretched
 */
export function chartPaths(values: Series, ceiling: number, slots: number, { width, height }: ChartSize): ChartPaths {
  const shown = values.slice(-slots);
  const step = slots > 1 ? width / (slots - 1) : 0;
  const start = width - step * (shown.length - 1);
  const x = (index: number): string => short(start + step * index);
  const y = (value: number): string => {
    const part = ceiling > 0 ? Math.min(Math.max(value, 0), ceiling) / ceiling : 0;
    return short(height - MARGIN - part * (height - 2 * MARGIN));
  };
  const lines: string[] = [];
  const areas: string[] = [];
  for (const { from, points } of runs(shown)) {
    const path = points.map((value, index) => `${x(from + index)} ${y(value)}`).join("L");
    // A single value is a dot: a line of no length with round ends.
    lines.push(`M${path}${points.length === 1 ? "h0" : ""}`);
    areas.push(`M${x(from)} ${short(height)}L${path}V${short(height)}Z`);
  }
  return { line: lines.join(""), area: areas.join("") };
}

interface Run {
  readonly from: number;
  readonly points: readonly number[];
}

/** The stretches of known values. */
function runs(values: Series): readonly Run[] {
  const found: { from: number; points: number[] }[] = [];
  let open: { from: number; points: number[] } | undefined;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      open = undefined;
    } else if (open === undefined) {
      open = { from: index, points: [value] };
      found.push(open);
    } else {
      open.points.push(value);
    }
  }
  return found;
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** The value at the top of a chart: the largest there is, and never so small that noise looks like a mountain. */
export function ceilingOf(series: readonly Series[], least: number): number {
  let top = least;
  for (const values of series) for (const value of values) if (value !== null && value > top) top = value;
  return top;
}
