import { withoutFirst } from "../byte-cut.ts";
import { decimalPrefix } from "./decimal-prefix.ts";

/**
 * What a peer says of its own load in the header `endpoint-load-metrics` of an answer, and the weight that follows from it.
 * Sources: ORCA, https://github.com/cncf/xds/blob/main/xds/data/orca/v3/orca_load_report.proto; the forms of the header: Envoy,
 * source/common/orca/orca_parser.cc; weights, blackout and expiry: gRFC A58,
 * https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md.
 */
interface LoadReport {
  /** `application_utilization` where it is above 0, else `cpu_utilization`; 1: as much as the peer bears. 0: not told. */
  readonly utilization: number;
  /** Requests a second; 0: not told. */
  readonly rps: number;
  /** Errors a second. */
  readonly eps: number;
}

const TAB = 9;
const BLANK = 32;
const COMMA = 44;
const COLON = 58;
const EQUALS = 61;

function withoutBlanks(text: string): string {
  let rest = text;
  while (rest.charCodeAt(0) === BLANK || rest.charCodeAt(0) === TAB) {
    rest = rest.slice(1);
  }
  return rest;
}

/** The number behind `=`, or `:` as older senders write, when `text` begins with that. */
function valueOf(text: string): number | undefined {
  const rest = withoutBlanks(text);
  const sign = rest.charCodeAt(0);
  return sign === EQUALS || sign === COLON ? decimalPrefix(withoutBlanks(rest.slice(1))) : undefined;
}

/** The number of the field `name`; not of one that merely ends so, as `named_metrics.eps`. 0 when it is not there. */
function fieldOf(text: string, name: string): number {
  let at = text.indexOf(name);
  while (at > 0) {
    const around = withoutFirst(text, at - 1);
    const before = around.charCodeAt(0);
    if (before === BLANK || before === COMMA || before === TAB) {
      const value = valueOf(withoutFirst(around, name.length + 1));
      if (value !== undefined) {
        return value;
      }
    }
    at = text.indexOf(name, at + 1);
  }
  return 0;
}

function reportOf(application: number, cpu: number, rps: number, eps: number): LoadReport {
  return { utilization: application > 0 ? application : cpu, rps, eps };
}

/** Reads `TEXT cpu_utilization=0.3, rps_fractional=10.0, eps=1, …`; undefined for the other forms. */
function parseLoadReport(text: string): LoadReport | undefined {
  if (text.slice(0, 5) !== "TEXT ") {
    return undefined;
  }
  const application = fieldOf(text, "application_utilization");
  const cpu = application > 0 ? 0 : fieldOf(text, "cpu_utilization");
  return reportOf(application, cpu, fieldOf(text, "rps_fractional"), fieldOf(text, "eps"));
}

/** The JSON of `JSON {…}`, for `loadReportOf`; undefined for the other forms. */
function jsonOfLoadReport(text: string): string | undefined {
  return text.slice(0, 5) === "JSON " ? text.slice(5) : undefined;
}

/** A field of decoded JSON, by its name in the protocol or as protobuf's JSON spells it; 0 when it is no number above 0. */
function numberOf(fields: Readonly<Record<string, unknown>>, name: string, camelName: string): number {
  const value = fields[name] ?? fields[camelName];
  return typeof value === "number" && value > 0 ? value : 0;
}

/** The report in decoded JSON. */
function loadReportOf(fields: Readonly<Record<string, unknown>>): LoadReport {
  return reportOf(
    numberOf(fields, "application_utilization", "applicationUtilization"),
    numberOf(fields, "cpu_utilization", "cpuUtilization"),
    numberOf(fields, "rps_fractional", "rpsFractional"),
    numberOf(fields, "eps", "eps"),
  );
}

/**
 * How many requests a second the peer would bear: `rps / (utilization + eps / rps · errorPenalty)`. A peer without a weight
 * is given the mean of the others.
 * @param errorPenalty 0: errors do not count; 1: only errors count like a full load
 * @returns undefined when the report does not tell enough
 */
function loadWeight({ utilization, rps, eps }: LoadReport, errorPenalty: number): number | undefined {
  if (utilization <= 0 || rps <= 0) {
    return undefined;
  }
  return rps / (utilization + (eps / rps) * errorPenalty);
}

/**
 * Whether a weight may be used: not before the peer has reported for `blackoutSeconds`, since a peer that has just come knows
 * little of itself; and not when it has been silent for `expirySeconds`, after which it begins anew. Where the clock was set
 * back, it counts as used to reporting.
 * @param firstSeconds of the first report since it came or was silent for too long
 * @param lastSeconds of the last one
 */
function isFresh(
  firstSeconds: number,
  lastSeconds: number,
  nowSeconds: number,
  blackoutSeconds: number,
  expirySeconds: number,
): boolean {
  const reporting = nowSeconds - firstSeconds;
  const isNew = reporting >= 0 && reporting < blackoutSeconds;
  return !isNew && nowSeconds - lastSeconds < expirySeconds;
}

export { isFresh, jsonOfLoadReport, loadReportOf, loadWeight, parseLoadReport };
export type { LoadReport };
