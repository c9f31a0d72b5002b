/** What peers tell of their own load in a header of their answers (ORCA), and the weights that follow from it. */
import {
  isFresh,
  jsonOfLoadReport,
  type LoadReport,
  loadReportOf,
  loadWeight,
  parseLoadReport,
} from "../_core/balance/load-report.ts";
import type { Context } from "../_kit/context.ts";
import type { Json } from "../_kit/ports.ts";
import type { BalanceConfig } from "./config.ts";
import type { Peer } from "./peer.ts";

/** A header is read at most so often for each peer: it is dear, and load does not change faster. */
const READ_SECONDS = 0.1;

/** @noSelf */
export interface LoadReports {
  /** After a try: reads the header when it is time. */
  read(peer: Peer, context: Context, nowSeconds: number): void;
  /** The factor of a peer's weight that its load asks for: 1 where nothing is known of it. */
  factor(peer: Peer): number;
  /** Each second: computes the factors of all. */
  renew(peers: readonly Peer[], nowSeconds: number): void;
}

interface Report {
  firstSeconds: number;
  lastSeconds: number;
  /** As computed from the last report: greater is idler. */
  weight: number;
  factor: number;
}

const NONE: LoadReports = {
  read: () => undefined,
  factor: () => 1,
  renew: () => undefined,
};

/** Errors weigh as much as load. */
const ERROR_PENALTY = 1;

function parse(text: string, json: Json): LoadReport | undefined {
  const encoded = jsonOfLoadReport(text);
  if (encoded === undefined) {
    return parseLoadReport(text);
  }
  const fields = json.decode(encoded);
  return typeof fields === "object" ? loadReportOf(fields as Readonly<Record<string, unknown>>) : undefined;
}

export function createLoadReports(config: BalanceConfig, json: Json): LoadReports {
  const header = config.load_header;
  if (header === undefined) {
    return NONE;
  }
  const { load_blackout_seconds: blackout, load_expiry_seconds: expiry } = config;
  let reports: Record<string, Report | undefined> = {};

  function isUsable(report: Report, now: number): boolean {
    return isFresh(report.firstSeconds, report.lastSeconds, now, blackout, expiry);
  }

  return {
    read: (peer, context, now) => {
      const before = reports[peer.key];
      if (before !== undefined && now - before.lastSeconds < READ_SECONDS && now >= before.lastSeconds) {
        return;
      }
      const text = context.responseHeader(header);
      const parsed = text === undefined ? undefined : parse(text, json);
      const weight = parsed === undefined ? undefined : loadWeight(parsed, ERROR_PENALTY);
      if (weight === undefined) {
        return;
      }
      if (before === undefined) {
        reports[peer.key] = { firstSeconds: now, lastSeconds: now, weight, factor: 1 };
        return;
      }
      // One that was silent for so long begins anew.
      if (now - before.lastSeconds > expiry) {
        before.firstSeconds = now;
      }
      before.lastSeconds = now;
      before.weight = weight;
    },
    factor: (peer) => reports[peer.key]?.factor ?? 1,
    renew: (peers, now) => {
      const kept: Record<string, Report | undefined> = {};
      let sum = 0;
      let known = 0;
      for (const peer of peers) {
        const report = reports[peer.key];
        if (report !== undefined) {
          kept[peer.key] = report;
          if (isUsable(report, now)) {
            sum += report.weight;
            known += 1;
          }
        }
      }
      reports = kept;
      // Factors beside the mean: a peer without a report counts as the mean, as gRFC A58 has it.
      const mean = known === 0 ? 0 : sum / known;
      for (const key in kept) {
        const report = kept[key];
        if (report !== undefined) {
          report.factor = known < 2 || mean <= 0 || !isUsable(report, now) ? 1 : report.weight / mean;
        }
      }
    },
  };
}
