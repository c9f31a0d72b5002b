import { nearest } from "../../plugins/_kit/schema/nearest.ts";
import { AutoscaleError, type Problem } from "../errors.ts";
import { AdminRefusal, type AdminClient } from "./admin-client.ts";
import { readStatus } from "./read-status.ts";
import type { GatewayStatus } from "./status.ts";

/** What a change was meant for. */
export type Subject =
  | { readonly kind: "breaker" | "limit"; readonly name: string }
  | { readonly kind: "peer"; readonly name: string; readonly upstream: string };

/** So many names are listed when none is near. */
const LISTED = 10;

/** For `catch`: turns the gateway's "not found" into the names that there are, and lets everything else pass. */
export function explainUnknown(client: AdminClient, subject: Subject): (error: unknown) => Promise<never> {
  return async (error) => {
    if (!(error instanceof AdminRefusal) || error.status !== 404) throw error;
    const status = readStatus(await client.get("/status"), client.url);
    throw new AutoscaleError(unknownProblem(status, subject, error.said));
  };
}

function unknownProblem(status: GatewayStatus, subject: Subject, said: string): Problem {
  const { kind, name, known, place } = lookUp(status, subject);
  const code = "E_ADMIN_REFUSED";
  // The name is there, or there are none at all: then the gateway's own words are better than ours.
  if (known.length === 0 || known.includes(name)) return { code, message: said };
  const message = `found no ${kind} "${name}"${place}`;
  const near = suggestion(name, known);
  if (near !== undefined) return { code, message, remedy: `Did you mean ${near}?` };
  const more = known.length > LISTED ? `, and ${known.length - LISTED} more: see autoscale-lua status` : "";
  return { code, message, remedy: `There are ${known.slice(0, LISTED).join(", ")}${more}.` };
}

interface Search {
  readonly kind: string;
  readonly name: string;
  readonly known: readonly string[];
  readonly place: string;
}

function lookUp({ breakers, limits, upstreams }: GatewayStatus, subject: Subject): Search {
  const { kind, name } = subject;
  if (kind !== "peer") {
    const known = (kind === "breaker" ? breakers : limits).map((one) => one.name);
    return { kind, name, known, place: "" };
  }
  const upstream = upstreams.find((one) => one.name === subject.upstream);
  if (upstream === undefined) {
    return { kind: "upstream", name: subject.upstream, known: upstreams.map((one) => one.name), place: "" };
  }
  return { kind, name, known: upstream.peers.map((one) => one.address), place: ` in upstream ${upstream.name}` };
}

/** A near name, or the only one that holds this one: `users` for `route:users`. */
function suggestion(name: string, known: readonly string[]): string | undefined {
  const holding = known.filter((one) => one.toLowerCase().includes(name.toLowerCase()));
  return nearest(name, known) ?? (holding.length === 1 ? holding[0] : undefined);
}
