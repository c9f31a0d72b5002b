import { count, latency, percent, rate } from "../model/format.ts";
import { hasFigures, type Trail } from "../model/history.ts";
import { entriesOf, listOf, type RouteStatus, type Status } from "../model/status.ts";
import { chartIn } from "./chart.ts";
import { at, copyOf, find, setText } from "./dom.ts";
import { keyedList, type Shown } from "./keyed-list.ts";

interface Seen {
  readonly route: RouteStatus;
  readonly trail: Trail | undefined;
}

/** The table of routes. */
export function routes(): (status: Status, trails: ReadonlyMap<string, Trail>) => void {
  const section = find(document, "#routes", HTMLElement);
  const table = find(section, "table", HTMLTableElement);
  const show = keyedList(find(table, "tbody", HTMLElement), row);
  return (status, trails) => {
    const entries = entriesOf(status.routes);
    at(section, "no-routes").hidden = entries.length > 0;
    at(section, "no-metrics").hidden = entries.length === 0 || entries.some(([, route]) => isMeasured(route));
    table.hidden = entries.length === 0;
    show(entries.map(([name, route]) => [name, { route, trail: trails.get(name) }]));
  };
}

function isMeasured(route: RouteStatus): boolean {
  return hasFigures(route) || listOf(route.plugins).includes("endpoint-metrics");
}

function row(name: string): Shown<Seen> {
  const element = copyOf("route-row");
  const charts = {
    rps: chartIn(element, '[data-at="rps-chart"]', 1),
    errors: chartIn(element, '[data-at="errors-chart"]', 5),
    p99: chartIn(element, '[data-at="p99-chart"]', 0.001),
  };
  const fill = (place: string, text: string): void => setText(at(element, place), text);
  fill("name", name);
  return {
    element,
    update: ({ route, trail }) => {
      fill("match", matchText(route));
      fill("upstream", route.upstream ?? "–");
      fill("rps", rate(route.rps));
      fill("errors", percent(route.error_rate));
      fill("p50", latency(route.latency_p50));
      fill("p90", latency(route.latency_p90));
      fill("p99", latency(route.latency_p99));
      fill("in-flight", count(route.in_flight));
      at(element, "errors").classList.toggle("alarming", (route.error_rate ?? 0) >= 5);
      charts.rps(trail?.rps ?? []);
      charts.errors(trail?.error_rate ?? []);
      charts.p99(trail?.latency_p99 ?? []);
    },
  };
}

/** Which requests come to a route, in one line: `GET POST api.example.com /users`. */
function matchText({ methods, hosts, path }: RouteStatus): string {
  return [listOf(methods).join(" "), listOf(hosts).join(", "), path ?? ""].filter((part) => part !== "").join(" ");
}
