/** Acts on a running gateway, and says what is the case now and until when. */
import {
  adminClient,
  findAdmin,
  readControl,
  readPeer,
  type AdminClient,
  type ControlStatus,
  type PeerStatus,
} from "../admin-client/index.ts";
import { explainUnknown } from "../admin-client/unknown-name.ts";
import { readEventAnswer } from "../admin-client/event-answer.ts";
import { readEvent } from "../admin-client/event-file.ts";
import { AutoscaleError } from "../errors.ts";
import { clockText, countText, durationText } from "../screen/figures.ts";
import type { Output } from "./output.ts";
import { paint } from "./paint.ts";
import type { AdminOptions } from "./status.ts";

export interface ControlOptions extends AdminOptions {
  /** How long the change lasts; absent: as long as the gateway thinks. */
  readonly forSeconds?: number;
  readonly reason?: string;
}

function clientOf(options: AdminOptions): AdminClient {
  return adminClient(findAdmin(options, { cwd: process.cwd(), env: process.env }), options.timeoutSeconds);
}

function termsOf({ forSeconds, reason }: ControlOptions): object {
  return {
    ...(forSeconds === undefined ? {} : { ttl_seconds: forSeconds }),
    ...(reason === undefined ? {} : { reason }),
  };
}

const path = (...parts: readonly string[]): string => parts.map((part) => `/${encodeURIComponent(part)}`).join("");

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => value as Record<string, unknown>;

/** @param state open, closed or auto */
export async function controlBreaker(
  id: string,
  state: string,
  options: ControlOptions,
  output: Output,
): Promise<void> {
  const client = clientOf(options);
  const answer = await client
    .put(path("breakers", id), { state, ...termsOf(options) })
    .catch(explainUnknown(client, { kind: "breaker", name: id }));
  const now = readControl(id, asRecord(answer));
  say(output, answer, `breaker ${id}`, (now.state ?? state).replaceAll("_", " "), now);
}

const PEER_WORDS: Readonly<Record<string, string>> = { up: "up", drain: "draining", down: "down" };

/** @param state up, drain or down */
export async function controlPeer(
  { upstream, peer }: { readonly upstream: string; readonly peer: string },
  state: string,
  options: ControlOptions & { readonly weight?: number },
  output: Output,
): Promise<void> {
  const client = clientOf(options);
  const weight = options.weight === undefined ? {} : { weight: options.weight };
  const answer = await client
    .put(path("upstreams", upstream, "peers", peer), { state, ...weight, ...termsOf(options) })
    .catch(explainUnknown(client, { kind: "peer", name: peer, upstream }));
  const now: PeerStatus = readPeer(peer, asRecord(answer));
  const share = options.weight === undefined ? "" : ` with weight ${countText(now.weight ?? options.weight)}`;
  // One that health has taken out is not up because somebody says so: what it is now is told.
  const is = now.state ?? state;
  say(output, answer, `peer ${peer} of ${upstream}`, `${PEER_WORDS[is] ?? is}${share}`, {
    reason: now.why,
    until: is === state ? now.overrideUntil : now.ejectedUntil,
  });
}

export async function controlLimit(
  route: string,
  factor: number,
  options: ControlOptions,
  output: Output,
): Promise<void> {
  const client = clientOf(options);
  const answer = await client
    .put(path("limits", route), { factor, ...termsOf(options) })
    .catch(explainUnknown(client, { kind: "limit", name: route }));
  const now = readControl(route, asRecord(answer));
  say(output, answer, `limit of ${route}`, `${countText(now.figures["factor"] ?? factor)} times the configured`, now);
}

/**
 * @param file - for standard input
 * @throws AutoscaleError with each rule that could not be followed; the others were
 */
export async function controlEvent(file: string, options: AdminOptions, output: Output): Promise<void> {
  const event = await readEvent(file, process.stdin);
  const answer = await clientOf(options).post("/events", event);
  const alerts = readEventAnswer(answer);
  for (const { name, status, actions } of alerts) {
    output.say(`alert ${paint.bold(name)} ${status}${actions.length === 0 ? paint.dim(" (no rule is for it)") : ""}`);
    for (const { target, set } of actions.filter(({ problem }) => problem === undefined)) {
      output.say(`  ${target} ${paint.bold(set)}`);
    }
  }
  const problems = alerts.flatMap(({ actions }) => actions.flatMap(({ problem }) => problem ?? []));
  if (problems.length > 0) throw new AutoscaleError(problems);
  output.result(asRecord(answer));
}

function say(
  output: Output,
  answer: unknown,
  subject: string,
  state: string,
  { reason, until }: Pick<ControlStatus, "reason" | "until">,
): void {
  const now = Date.now() / 1000;
  const end =
    until !== undefined && until > now ? `until ${clockText(until)}, ${durationText(until - now)} from now` : "";
  const details = [end, reason ?? ""].filter((detail) => detail !== "").join(": ");
  output.say(`${subject} is ${paint.bold(state)}${details === "" ? "" : ` ${paint.dim(`(${details})`)}`}`);
  output.result(answer as object);
}
