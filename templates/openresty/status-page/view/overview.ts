import { about, bytes, count, latency, percent, rate, share } from "../model/format.ts";
import type { Trail } from "../model/history.ts";
import { sumTrails } from "../model/history.ts";
import { INTERVAL_SECONDS } from "../model/polling.ts";
import { entriesOf, type Series, type Status } from "../model/status.ts";
import { totalsOf } from "../model/totals.ts";
import { chartIn } from "./chart.ts";
import { at, find, setText } from "./dom.ts";

/** The cards at the top: all routes together, and the node. */
export function overview(): (status: Status, trails: readonly Trail[]) => void {
  const section = find(document, ".overview", HTMLElement);
  const cards = { rps: 1, errors: 2, p99: 3 };
  const chart = (card: number, least: number) => chartIn(section, `.card:nth-child(${String(card)}) .chart`, least);
  const charts = { rps: chart(cards.rps, 1), errors: chart(cards.errors, 5), p99: chart(cards.p99, 0.001) };
  const fill = (name: string, text: string): void => setText(at(section, name), text);

  return (status, trails) => {
    const totals = totalsOf(status);
    const trail = sumTrails(trails);
    fill("total-rps", rate(totals.rps));
    fill("total-errors", percent(totals.error_rate));
    fill("total-p99", latency(totals.latency_p99));
    charts.rps(trail.rps);
    charts.errors(trail.error_rate);
    charts.p99(trail.latency_p99);
    const step = stepSeconds(status);
    fill("peak-rps", peakText(trail.rps, step, rate));
    fill("peak-errors", peakText(trail.error_rate, step, percent));
    fill("peak-p99", peakText(trail.latency_p99, step, latency));

    const { node = {} } = status;
    fill("pressure", share(node.pressure));
    fill("cpu", share(node.cpu_ratio));
    fill("lag", latency(node.loop_lag_seconds));
    fill("memory", bytes(node.memory_bytes));
    fill("connections", count(node.connections?.active));
    fill("in-flight", count(totals.in_flight));
    fill("workers", count(status.workers));
    fill("uptime", about(node.uptime_seconds));
  };
}

/** Between two values of the charts: the gateway's step, or the time between two looks. */
function stepSeconds(status: Status): number {
  const steps = entriesOf(status.routes).map(([, { history }]) => history?.step_seconds);
  return steps.find((step) => step !== undefined) ?? INTERVAL_SECONDS;
}

function peakText(values: Series, step: number, format: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "nothing measured yet";
  return `peak ${format(Math.max(...known))} in ${about(step * values.length)}`;
}
