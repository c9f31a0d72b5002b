import { adminClient, fetchDecisions, findAdmin, readStatus, type AdminChoice } from "../admin-client/index.ts";
import { paintLine } from "../screen/line.ts";
import { statusLines } from "../screen/status-view.ts";
import type { Output } from "./output.ts";
import { paint } from "./paint.ts";

/** What the commands on a running gateway share. */
export interface AdminOptions extends AdminChoice {
  readonly timeoutSeconds: number;
}

/** How many changes of behavior are shown. */
const DECISIONS = 5;

/** Shows once what a running gateway does; with --json what it says, as it says it. */
export async function statusCommand(options: AdminOptions, output: Output): Promise<void> {
  const client = adminClient(findAdmin(options, { cwd: process.cwd(), env: process.env }), options.timeoutSeconds);
  const [value, decisions] = await Promise.all([client.get("/status"), fetchDecisions(client, DECISIONS)]);
  const status = readStatus(value, client.url);
  for (const line of statusLines(status, decisions, terminalWidth())) output.say(paintLine(line, paint));
  output.result(value as object);
}

/** Only a terminal has an edge: what is piped away is never cut. */
function terminalWidth(): number {
  const { isTTY, columns } = process.stdout as { readonly isTTY?: boolean; readonly columns?: number };
  return isTTY === true && columns !== undefined && columns > 0 ? columns : Infinity;
}
