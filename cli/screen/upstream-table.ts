/** Upstreams: how their peers are picked, where they come from, and those peers that need a look. */
import type { PeerStatus, SourceStatus, UpstreamStatus } from "../admin-client/index.ts";
import { countText, durationText, latencyText } from "./figures.ts";
import { span, type Line, type Span, type Tone } from "./line.ts";
import { table, type Column } from "./table.ts";
import { trafficCells, trafficColumns } from "./traffic-table.ts";

/** Of each upstream so many peers are listed; thousands would push all else off the screen. */
export const MOST_PEERS = 20;

const COLUMNS: readonly Column[] = [
  { title: "Upstreams", least: 23 },
  { title: "state" },
  ...trafficColumns,
  { title: "latency", right: true, spare: 5 },
  { title: "weight", right: true, spare: 9 },
  { title: "zone", spare: 10 },
  { title: "policy", spare: 8 },
  { title: "replicas wanted", right: true, spare: 3 },
  { title: "why", least: 12 },
];

/** What a row has; the other cells are empty. */
type Cells = Readonly<Partial<Record<string, Span>>>;

function row(cells: Cells): Line {
  return COLUMNS.map(({ title }) => cells[title] ?? span(""));
}

/** Each followed by its sources and its peers. @param now seconds since the epoch, by the gateway's clock */
export function upstreamTable(upstreams: readonly UpstreamStatus[], now: number, width: number): Line[] {
  const rows = upstreams.flatMap((upstream) => [
    upstreamRow(upstream),
    ...upstream.sources.map((source) => sourceRow(source, now)),
    ...peerRows(upstream.peers, now),
  ]);
  return table(COLUMNS, rows, width);
}

function upstreamRow(upstream: UpstreamStatus): Line {
  const traffic = trafficCells(upstream);
  return row({
    ...Object.fromEntries(trafficColumns.map(({ title }, index) => [title, traffic[index] ?? span("")])),
    Upstreams: span(upstream.name),
    state: availability(upstream),
    policy: span(upstream.policy ?? ""),
    "replicas wanted": span(countText(upstream.desiredReplicas)),
    why: span(upstream.panic === true ? "too few peers are well: all are used" : (upstream.reason ?? ""), "faint"),
  });
}

/** `4 of 5`: so many peers take requests. */
function availability({ available, total, panic }: UpstreamStatus): Span {
  if (available === undefined || total === undefined) return span("");
  if (available === 0) return span("no peer", "bad");
  if (panic === true) return span("panic", "bad");
  return span(`${countText(available)} of ${countText(total)}`, available < total ? "warn" : "good");
}

const SOURCE_TONES: Readonly<Record<string, Tone>> = { ok: "good", never: "warn", failing: "bad" };

function sourceRow({ name, state, since, problem, note, peers }: SourceStatus, now: number): Line {
  const given = peers === undefined ? "" : `${countText(peers)} ${peers === 1 ? "peer" : "peers"}`;
  const failing = state === "failing";
  const long = failing && since !== undefined && since > 0 ? ` for ${durationText(now - since)}` : "";
  const told = [failing ? (problem ?? "") : "", note ?? "", failing ? `${given} of before are kept` : given];
  return row({
    Upstreams: span(`  ${name}`),
    state: span(`${state === "never" ? "waiting" : (state ?? "")}${long}`, SOURCE_TONES[state ?? ""] ?? "plain"),
    why: span(told.filter(Boolean).join("; "), failing ? "plain" : "faint"),
  });
}

const PEER_TONES: Readonly<Record<string, Tone>> = {
  up: "good",
  drain: "warn",
  down: "bad",
  unhealthy: "bad",
  ejected: "bad",
};
const RANKS: Readonly<Partial<Record<Tone, number>>> = { bad: 0, warn: 1, good: 3 };

const toneOf = ({ state }: PeerStatus): Tone => PEER_TONES[state ?? ""] ?? "plain";
const rankOf = (peer: PeerStatus): number => RANKS[toneOf(peer)] ?? 2;

/** What needs a look first; of the same rank they stay in the order of their names. */
function peerRows(peers: readonly PeerStatus[], now: number): Line[] {
  const sorted = [...peers].sort((a, b) => rankOf(a) - rankOf(b));
  const hidden = sorted.slice(MOST_PEERS);
  const rows = sorted.slice(0, MOST_PEERS).map((peer) => peerRow(peer, now));
  if (hidden.length === 0) return rows;
  const troubled = hidden.filter((peer) => toneOf(peer) === "bad").length;
  const rest = troubled === 0 ? "" : `${countText(troubled)} of them in trouble; `;
  return [
    ...rows,
    row({
      Upstreams: span(`  and ${countText(hidden.length)} more`, "faint"),
      why: span(`${rest}status --json has all`, "faint"),
    }),
  ];
}

function peerRow(peer: PeerStatus, now: number): Line {
  return row({
    Upstreams: span(`  ${peer.address}`),
    state: span(peer.state ?? "", toneOf(peer)),
    "in flight": span(countText(peer.inFlight)),
    latency: span(latencyText(peer.latency)),
    weight: span(countText(peer.weight)),
    zone: span(peer.zone ?? "", "faint"),
    why: span(peerWhy(peer, now)),
  });
}

function peerWhy(
  { why, overrideUntil, ejectedUntil, ejections, takesRequests, state }: PeerStatus,
  now: number,
): string {
  const sick = state === "unhealthy" || state === "ejected";
  const until = (sick ? ejectedUntil : overrideUntil) ?? 0;
  const often = ejections === undefined || ejections < 2 ? "" : `ejected ${countText(ejections)} times of late`;
  const used = takesRequests === true && sick ? "used all the same" : "";
  const end = until > now ? `${durationText(until - now)} left` : "";
  const facts = [end, often, used].filter(Boolean).join(", ");
  return [why ?? "", facts === "" ? "" : `(${facts})`].filter(Boolean).join(" ");
}
