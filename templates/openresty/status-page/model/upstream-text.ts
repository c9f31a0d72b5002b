/** An upstream, its peers and its sources in short texts. */
import { clock, count, latency, percent, plain, rate, untilText } from "./format.ts";
import { hasFigures } from "./history.ts";
import type { PeerStatus, SourceStatus, UpstreamStatus } from "./status.ts";

const joined = (parts: readonly string[], between: string): string => parts.filter((part) => part !== "").join(between);

/** What passes through it. */
export function trafficText(upstream: UpstreamStatus): string {
  if (!hasFigures(upstream)) return upstream.protocol ?? "";
  const { rps, error_rate, latency_p99, in_flight } = upstream;
  const facts = [
    rate(rps),
    `${percent(error_rate)} errors`,
    `p99 ${latency(latency_p99)}`,
    `${count(in_flight)} in flight`,
  ];
  return facts.join(" · ");
}

/** How its peers are picked, and how many take requests: `peak-ewma · 3 of 5 peers take requests`. */
export function pickingText({ policy, peers_available: available, peers_total: total }: UpstreamStatus): string {
  const taking =
    available === undefined || total === undefined
      ? ""
      : `${count(available)} of ${count(total)} peer${total === 1 ? "" : "s"} take${total === 1 ? "s" : ""} requests`;
  return joined([policy ?? "", taking], " · ");
}

export function replicasText({ desired_replicas, reason }: UpstreamStatus): string {
  if (desired_replicas === undefined) return "";
  return `wants ${count(desired_replicas)} replica${desired_replicas === 1 ? "" : "s"}${reason === undefined ? "" : `: ${reason}`}`;
}

/** What sets a peer apart from the others: nothing, for most. */
export function placeText({ weight, priority, zone }: PeerStatus): string {
  const share = weight === undefined || weight === 1 ? "" : `weight ${plain(weight)}`;
  const order = priority === undefined || priority === 0 ? "" : `priority ${plain(priority)}`;
  return joined([zone === undefined ? "" : `zone ${zone}`, share, order], ", ");
}

/** What a peer does just now, as one worker sees it: `4.2 ms · 3 in flight`. */
export function loadText({ latency_seconds, in_flight }: PeerStatus): string {
  const busy = in_flight === undefined || in_flight === 0 ? "" : `${count(in_flight)} in flight`;
  return joined([latency_seconds === undefined ? "" : latency(latency_seconds), busy], " · ");
}

/** Until when a peer is as it is: `until 14:05:09 (3 min), ejected 2 times of late`. */
export function endText(peer: PeerStatus, now: number): string {
  const { override_until, ejected_until, ejections, state, takes_requests } = peer;
  const sick = state === "unhealthy" || state === "ejected";
  const often = ejections === undefined || ejections < 2 ? "" : `ejected ${count(ejections)} times of late`;
  const used = takes_requests === true && sick ? "used all the same: too few are well" : "";
  return joined([untilText(sick ? ejected_until : override_until, now), often, used], ", ");
}

/** What a source gives, and what is wrong with it: `3 peers, since 14:05:09: connection refused`. */
export function sourceText({ state, since, problem, note, peers }: SourceStatus): string {
  const given = peers === undefined ? "" : `${count(peers)} peer${peers === 1 ? "" : "s"}`;
  const kept = state === "ok" || peers === undefined || peers === 0 ? given : `${given} of before are kept`;
  const begun = since === undefined || since === 0 || state === "ok" ? "" : `since ${clock(since)}`;
  return joined([joined([kept, begun], ", "), state === "failing" ? (problem ?? "") : "", note ?? ""], ": ");
}
