import { decode } from "cjson.safe";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";
import { timerScope } from "../../../nginx/runtime/worker-timer.ts";
import type { PeerEntry } from "../../../nginx/runtime/peer-entry.ts";
import type { WorkerPool } from "../../../nginx/runtime/peer-pool.ts";

/** No file of peers is larger; a larger one is a mistake that must not stall the worker. */
const MAX_BYTES = 4 * 1024 * 1024;

function isAddress(host: string): boolean {
  const [v4] = string.match(host, "^%d+%.%d+%.%d+%.%d+$");
  const [v6] = string.match(host, "^[%x.]*:[%x:.]*$");
  return v4 !== undefined || v6 !== undefined;
}

function splitHostPort(text: string): LuaMultiReturn<[string | undefined, number | undefined]> {
  let [host, port] = string.match(text, "^%[([%x:.]+)%]:(%d+)$");
  if (host === undefined) {
    [host, port] = string.match(text, "^([^:]+):(%d+)$");
  }
  return $multi(host, tonumber(port));
}

function numberIn(value: unknown, fallback: number, min: number, max: number): number | undefined {
  if (value === undefined || value === ngx.null) {
    return fallback;
  }
  const found = tonumber(value);
  return found !== undefined && found >= min && found <= max && found === math.floor(found) ? found : undefined;
}

function readEntry(value: unknown): PeerEntry | string {
  let host: string | undefined;
  let port: number | undefined;
  let fields: Record<string, unknown> = {};
  if (type(value) === "string") {
    [host, port] = splitHostPort(value as string);
  } else if (type(value) === "table") {
    fields = value as Record<string, unknown>;
    host = type(fields["host"]) === "string" ? (fields["host"] as string) : undefined;
    port = numberIn(fields["port"], 0, 1, 65535);
  }
  if (host === undefined || !isAddress(host)) {
    return "a peer needs an IP address as host";
  }
  const weight = numberIn(fields["weight"], 1, 1, 1000);
  const priority = numberIn(fields["priority"], 0, 0, 100);
  if (port === undefined || port < 1 || port > 65535) {
    return `peer ${host} needs a port from 1 to 65535`;
  }
  if (weight === undefined || priority === undefined) {
    return `peer ${host} needs a weight from 1 to 1000 and a priority from 0 to 100`;
  }
  return { host, port, weight, priority };
}

/** The peers in `text`: a JSON list, or an object with `targets`; or a sentence saying what is wrong. */
export function parsePeers(text: string): readonly PeerEntry[] | string {
  const [document, problem] = decode(text);
  if (type(document) !== "table") {
    return problem ?? "it is not a list of targets";
  }
  const list = (document as { targets?: unknown }).targets ?? document;
  if (type(list) !== "table") {
    return "its targets are not a list";
  }
  const entries: PeerEntry[] = [];
  for (const value of list as unknown[]) {
    const entry = readEntry(value);
    if (type(entry) === "string") {
      return entry as string;
    }
    entries.push(entry as PeerEntry);
  }
  return entries.length === 0 ? "it lists no target" : entries;
}

/**
 * Keeps `pool` as the file says, looking every `intervalSeconds`. A file that is missing, broken or empty changes
 * nothing: the last good set stays, and the problem is logged once until it changes.
 */
export function followPeerFile(pool: WorkerPool, upstream: string, path: string, intervalSeconds: number): void {
  let lastText: string | undefined;
  let lastProblem: string | undefined;

  function complain(problem: string): void {
    if (problem !== lastProblem) {
      lastProblem = problem;
      workerLog.warn(`upstream "${upstream}": peers are kept as they were, ${path} cannot be used: ${problem}`);
    }
  }

  function look(): void {
    const [file, problem] = io.open(path, "r");
    if (file === undefined) {
      complain(tostring(problem));
      return;
    }
    const text = file.read(MAX_BYTES) ?? "";
    file.close();
    if (text === lastText) {
      return;
    }
    // The first look is part of the gateway's start: whatever the file holds must not keep the routes from starting.
    const [, peers] = pcall(parsePeers, text);
    if (type(peers) !== "table") {
      complain(tostring(peers));
      return;
    }
    lastText = text;
    lastProblem = undefined;
    pool.replace(peers as readonly PeerEntry[]);
  }

  look();
  timerScope().timer.every(intervalSeconds, look);
}
