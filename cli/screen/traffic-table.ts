/** What passes through routes and upstreams. */
import type { RouteStatus, Traffic } from "../admin-client/index.ts";
import { countText, latencyText, percentText, rateText } from "./figures.ts";
import { span, type Line, type Span, type Tone } from "./line.ts";
import { sparkline } from "./sparkline.ts";
import { table, type Column } from "./table.ts";

/** Errors that deserve a look, and those that deserve a hurry, in percent. */
const WORRYING_ERRORS = 1;
const BAD_ERRORS = 5;

/** How many steps of history a row shows. */
const SPARK_WIDTH = 20;

export const trafficColumns: readonly Column[] = [
  { title: "req/s", right: true, spare: 1 },
  { title: "errors", right: true, spare: 2 },
  { title: "p50", right: true, spare: 6 },
  { title: "p90", right: true, spare: 7 },
  { title: "p99", right: true, spare: 3 },
  { title: "in flight", right: true, spare: 4 },
];

export function trafficCells({ rps, errorRate, p50, p90, p99, inFlight }: Traffic): Span[] {
  return [
    span(rateText(rps)),
    span(percentText(errorRate), errorTone(errorRate)),
    span(latencyText(p50)),
    span(latencyText(p90)),
    span(latencyText(p99)),
    span(countText(inFlight)),
  ];
}

function errorTone(percent: number | undefined): Tone {
  if (percent === undefined || percent < WORRYING_ERRORS) return "plain";
  return percent < BAD_ERRORS ? "warn" : "bad";
}

/** `GET,POST api.example.com/users` */
function matchText({ path, hosts, methods }: RouteStatus): string {
  const verbs = methods.length === 0 ? "" : `${methods.join(",")} `;
  return `${verbs}${hosts.join(",")}${path ?? ""}`;
}

export interface RouteTableOptions {
  readonly width: number;
  /** Title of the column that they are sorted by, to be marked. */
  readonly sortedBy?: string;
  readonly sparklines?: boolean;
}

/** In the order given. */
export function routeTable(routes: readonly RouteStatus[], { width, sortedBy, sparklines }: RouteTableOptions): Line[] {
  const columns: Column[] = [
    { title: "Routes", least: 12 },
    { title: "matches", least: 12, spare: 8 },
    ...trafficColumns,
    ...(sparklines === true ? [{ title: "last minutes", spare: 5 }] : []),
    { title: "to", least: 12, spare: 9 },
    { title: "plugins", least: 12, spare: 10 },
  ];
  const marked = columns.map((column) =>
    column.title === sortedBy ? { ...column, title: `▼${column.title}` } : column,
  );
  const rows = routes.map((route) => [
    span(route.name),
    span(matchText(route), "faint"),
    ...trafficCells(route),
    ...(sparklines === true ? [span(sparkline(route.rpsHistory, SPARK_WIDTH), "good")] : []),
    span(route.upstream ?? ""),
    span(route.plugins.join(" "), "faint"),
  ]);
  return table(marked, rows, width);
}
