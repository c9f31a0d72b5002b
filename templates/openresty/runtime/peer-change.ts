import type { PeerState } from "../../../plugins/_kit/balancer.ts";

const DEFAULT_TTL_SECONDS = 300;
const MAX_TTL_SECONDS = 86400;
const MAX_REASON_LENGTH = 200;
const MAX_WEIGHT = 1000;

/** What people want a peer to be. */
export interface PeerChange {
  readonly state: PeerState;
  readonly weight: number | undefined;
  readonly ttlSeconds: number;
  readonly reason: string;
}

const KNOWN: Readonly<Record<string, true | undefined>> = {
  state: true,
  weight: true,
  ttl_seconds: true,
  reason: true,
};

function isWeight(value: unknown): boolean {
  return type(value) === "number" && math.floor(value as number) === value && value >= 1 && value <= MAX_WEIGHT;
}

/** Reads the body of a change; gives a sentence saying what is wrong with it. */
export function readPeerChange(fields: Readonly<Record<string, unknown>>): PeerChange | string {
  for (const [name] of pairs(fields)) {
    if (KNOWN[name] === undefined) {
      return `"${tostring(name)}" is not known: give state, weight, ttl_seconds and reason`;
    }
  }
  const { state, weight, ttl_seconds: ttl = DEFAULT_TTL_SECONDS, reason = "by hand" } = fields;
  if (state !== "up" && state !== "drain" && state !== "down") {
    return 'state must be "up", "drain" or "down"';
  }
  if (weight !== undefined && (state !== "up" || !isWeight(weight))) {
    return 'weight must be a whole number from 1 to 1000, and goes with state "up" alone';
  }
  if (type(ttl) !== "number" || !((ttl as number) >= 1 && (ttl as number) <= MAX_TTL_SECONDS)) {
    return "ttl_seconds must be a number from 1 to 86400";
  }
  if (type(reason) !== "string" || (reason as string).length > MAX_REASON_LENGTH) {
    return "reason must be a text of at most 200 bytes";
  }
  return { state, weight: weight as number | undefined, ttlSeconds: ttl as number, reason: reason as string };
}
