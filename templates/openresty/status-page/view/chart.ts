import { ceilingOf, chartPaths } from "../model/chart.ts";
import { SLOTS } from "../model/history.ts";
import type { Series } from "../model/status.ts";
import { find, setAttribute } from "./dom.ts";

/**
 * A chart that stands in page.html as an SVG with a line and an area.
 * @param least the top of the chart is never below this value
 * @returns draws these values; gives the value at the top
 */
export function chartIn(within: ParentNode, selector: string, least: number): (values: Series) => number {
  const chart = find(within, selector, SVGSVGElement);
  const line = find(chart, ".line", SVGPathElement);
  const area = find(chart, ".area", SVGPathElement);
  const { width, height } = chart.viewBox.baseVal;
  return (values) => {
    const ceiling = ceilingOf([values], least);
    const paths = chartPaths(values, ceiling, SLOTS, { width, height });
    setAttribute(line, "d", paths.line);
    setAttribute(area, "d", paths.area);
    chart.classList.toggle("flat", !values.some((value) => value !== null && value > 0));
    return ceiling;
  };
}

/** Sets how full a gauge is, 0 to 1. */
export function fillGauge(fill: Element, part: number): void {
  setAttribute(fill, "width", String(Math.round(Math.min(Math.max(part, 0), 1) * 100)));
}
