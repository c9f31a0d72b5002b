import { adminClient, findAdmin, readStatus, type GatewayStatus } from "../admin-client/index.ts";
import type { Position } from "./position.ts";

/** A shell that waits longer for a Tab seems to hang. */
const TIMEOUT_SECONDS = 0.5;

const namesOf = (things: readonly { readonly name: string }[]): string[] => things.map(({ name }) => name);

/** What the arguments of `control` name in a running gateway. */
const SOURCES: Readonly<Record<string, (status: GatewayStatus, values: readonly string[]) => readonly string[]>> = {
  "control breaker <id>": ({ breakers }) => namesOf(breakers),
  "control limit <route>": ({ limits }) => namesOf(limits),
  "control peer <upstream>": ({ upstreams }) => namesOf(upstreams.filter(({ pickedBy }) => pickedBy !== "nginx")),
  "control peer <peer>": ({ upstreams }, [upstream]) => {
    return (upstreams.find(({ name }) => name === upstream)?.peers ?? []).map(({ address }) => address);
  },
};

/** Empty when the place is none of these. @throws when no gateway answers */
export async function liveNames(place: string, { options, values }: Position): Promise<readonly string[]> {
  const source = SOURCES[place];
  if (source === undefined) return [];
  const { admin, file } = options;
  const choice = { ...(admin === undefined ? {} : { admin }), ...(file === undefined ? {} : { file }) };
  const client = adminClient(findAdmin(choice, { cwd: process.cwd(), env: process.env }), TIMEOUT_SECONDS);
  return source(readStatus(await client.get("/status"), client.url), values);
}
