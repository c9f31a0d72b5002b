/** What can be acted on, and what changed: breakers, limits, concurrency, decisions. */
import type { ControlStatus, DecisionStatus } from "../admin-client/index.ts";
import { clockText, countText, durationText, percentText } from "./figures.ts";
import { span, type Line, type Span, type Tone } from "./line.ts";
import { table } from "./table.ts";

const STATE_TONES: Readonly<Record<string, Tone>> = {
  closed: "good",
  half_open: "warn",
  open: "bad",
  forced_open: "bad",
  forced_closed: "warn",
};

const stateCell = (state: string | undefined): Span => {
  return span((state ?? "").replaceAll("_", " "), STATE_TONES[state ?? ""] ?? "plain");
};

const left = (until: number | undefined, now: number): string => {
  return until !== undefined && until > now ? durationText(until - now) : "";
};

const age = (since: number | undefined, now: number): string => {
  return since === undefined || since <= 0 ? "" : durationText(now - since);
};

/** @param now seconds since the epoch, by the gateway's clock */
export function breakerTable(breakers: readonly ControlStatus[], now: number, width: number): Line[] {
  const columns = [
    { title: "Breakers", least: 12 },
    { title: "state" },
    { title: "failed", right: true },
    { title: "slow", right: true, spare: 3 },
    { title: "calls", right: true, spare: 2 },
    { title: "for", right: true, spare: 4 },
    { title: "left", right: true, spare: 1 },
    { title: "reason", least: 12 },
  ];
  const rows = breakers.map(({ name, state, reason, since, until, figures }) => {
    return [
      span(name),
      stateCell(state),
      span(percentText(figures["failure_rate"])),
      span(percentText(figures["slow_rate"])),
      span(countText(figures["calls"])),
      span(age(since, now)),
      span(left(until, now)),
      span(reason ?? "", "faint"),
    ];
  });
  return table(columns, rows, width);
}

export function limitTable(limits: readonly ControlStatus[], now: number, width: number): Line[] {
  const columns = [
    { title: "Limits", least: 12 },
    { title: "limit", right: true },
    { title: "factor", right: true },
    { title: "left", right: true, spare: 1 },
    { title: "reason", least: 12 },
  ];
  const rows = limits.map(({ name, reason, until, figures }) => [
    span(name),
    span(countText(figures["limit"])),
    span(countText(figures["factor"]), (figures["factor"] ?? 1) < 1 ? "warn" : "plain"),
    span(left(until, now)),
    span(reason ?? "", "faint"),
  ]);
  return table(columns, rows, width);
}

export function concurrencyTable(concurrency: readonly ControlStatus[], width: number): Line[] {
  const columns = [
    { title: "Concurrency", least: 12 },
    { title: "limit", right: true },
    { title: "in flight", right: true },
    { title: "reason", least: 12 },
  ];
  const rows = concurrency.map(({ name, reason, figures }) => [
    span(name),
    span(countText(figures["limit"])),
    span(countText(figures["in_flight"])),
    span(reason ?? "", "faint"),
  ]);
  return table(columns, rows, width);
}

export function decisionTable(decisions: readonly DecisionStatus[], width: number): Line[] {
  const columns = [
    { title: "Decisions" },
    { title: "by", spare: 2, least: 12 },
    { title: "of", least: 12 },
    { title: "change" },
    { title: "reason", spare: 1, least: 12 },
  ];
  const rows = decisions.map(({ time, plugin, subject, from, to, reason }) => [
    span(clockText(time)),
    span(plugin, "faint"),
    span(subject),
    span(`${from} → ${to}`.replaceAll("_", " ")),
    span(reason, "faint"),
  ]);
  return table(columns, rows, width);
}
