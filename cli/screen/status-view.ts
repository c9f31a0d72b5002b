/** All a gateway says of itself, for people. */
import type { DecisionStatus, GatewayStatus, NodeStatus } from "../admin-client/index.ts";
import { breakerTable, concurrencyTable, decisionTable, limitTable } from "./control-table.ts";
import { bytesText, countText, durationText, latencyText, percentText } from "./figures.ts";
import { clipLine, lineWidth, span, type Line, type Span } from "./line.ts";
import { routeTable, type RouteTableOptions } from "./traffic-table.ts";
import { upstreamTable } from "./upstream-table.ts";

/** Version, age and load, on as many lines as it takes. */
export function nodeLines({ version, workers, node }: GatewayStatus, width: number): Line[] {
  const facts = [
    ...(node.uptimeSeconds === undefined ? [] : [`up ${durationText(node.uptimeSeconds)}`]),
    ...(workers === undefined ? [] : [`${workers} ${workers === 1 ? "worker" : "workers"}`]),
    ...loadFacts(node),
  ];
  const lines: Line[] = [];
  let line: Line = [span("Autoscale Lua", "strong"), span(` ${version}`)];
  for (const fact of facts) {
    const longer = [...line, SEPARATOR, span(fact)];
    if (lineWidth(longer) > width) lines.push(line);
    line = lineWidth(longer) > width ? [span(fact)] : longer;
  }
  return [...lines, line];
}

const SEPARATOR: Span = span(" · ", "faint");

function loadFacts({ cpuRatio, memoryBytes, loopLagSeconds, pressure, activeConnections }: NodeStatus): string[] {
  return [
    ...(cpuRatio === undefined ? [] : [`cpu ${percentText(cpuRatio * 100)}`]),
    ...(memoryBytes === undefined ? [] : [`memory ${bytesText(memoryBytes)}`]),
    ...(loopLagSeconds === undefined ? [] : [`lag ${latencyText(loopLagSeconds)}`]),
    ...(pressure === undefined ? [] : [`pressure ${countText(pressure)}`]),
    ...(activeConnections === undefined
      ? []
      : [`${countText(activeConnections)} ${activeConnections === 1 ? "connection" : "connections"}`]),
  ];
}

/** A line for each thing that people should know before they read on. */
export function notices({ writable, plugins }: GatewayStatus): Line[] {
  const faulty = plugins.filter(({ errors }) => errors > 0);
  return [
    ...faulty.map(({ name, errors }) => [
      span(`Plugin ${name} failed ${errors} times: see the gateway's error log with autoscale-lua explain.`, "bad"),
    ]),
    ...(writable === false ? [[span("Only to look at: the gateway has no admin.token.", "faint")]] : []),
  ];
}

/** The tables, an empty line between; those without content are left out. */
export function statusTables(
  status: GatewayStatus,
  decisions: readonly DecisionStatus[],
  routeOptions: RouteTableOptions,
): Line[] {
  const { width } = routeOptions;
  const { routes, upstreams, breakers, limits, concurrency, time } = status;
  const sections = [
    { rows: routes.length, lines: () => routeTable(routes, routeOptions) },
    { rows: upstreams.length, lines: () => upstreamTable(upstreams, time, width) },
    { rows: breakers.length, lines: () => breakerTable(breakers, time, width) },
    { rows: limits.length, lines: () => limitTable(limits, time, width) },
    { rows: concurrency.length, lines: () => concurrencyTable(concurrency, width) },
    { rows: decisions.length, lines: () => decisionTable(decisions, width) },
  ];
  const shown = sections.filter(({ rows }) => rows > 0).map(({ lines }) => lines());
  return shown.flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

/** What `autoscale-lua status` prints. */
export function statusLines(status: GatewayStatus, decisions: readonly DecisionStatus[], width: number): Line[] {
  const head = [...nodeLines(status, width), ...notices(status)].map((line) => clipLine(line, width));
  const body = statusTables(status, decisions, { width });
  return body.length === 0 ? head : [...head, [], ...body];
}
