/** One probe of one peer. In a background task: it waits for the answer. */
import { parseAgentWords, type AgentWords } from "../../_core/balance/agent-word.ts";
import { firstBytes } from "../../_core/byte-cut.ts";
import { statusSet } from "../../_core/status-set.ts";
import { integerText, plainField } from "../../_core/text.ts";
import type { Http, HttpRequest } from "../../_kit/ports.ts";
import type { ActiveConfig } from "../config.ts";
import type { PeerEntry } from "../peer.ts";

export interface ProbeResult {
  readonly succeeded: boolean;
  /** Why it failed; "" when it did not. */
  readonly problem: string;
  /** Only of one that succeeded. */
  readonly words: AgentWords | undefined;
}

export type Prober = (this: void, entry: PeerEntry) => ProbeResult;

/** What is read of an answer at most. One with more still has a status, and that is what counts. */
const MOST_BYTES = 262144;
const MOST_PROBLEM = 80;

function failure(problem: string): ProbeResult {
  return { succeeded: false, problem: firstBytes(plainField(problem), MOST_PROBLEM), words: undefined };
}

function success(line: string | undefined): ProbeResult {
  return { succeeded: true, problem: "", words: line === undefined ? undefined : parseAgentWords(line) };
}

function tcpProber({ port, timeout_seconds: timeoutSeconds, agent }: ActiveConfig, http: Http): Prober {
  return (entry) => {
    const answer = http.connect(entry.host, port ?? entry.port, timeoutSeconds, agent);
    return answer.problem === undefined ? success(answer.line) : failure(answer.problem);
  };
}

function httpProber(config: ActiveConfig, http: Http): Prober {
  const { type, path, host, port, timeout_seconds: timeoutSeconds, agent, verify } = config;
  const statuses = statusSet(config.statuses);
  // A connection of its own for each: it is a part of what is probed, and thousands that idle would be dear.
  const headers: Record<string, string> = { Connection: "close", "User-Agent": "autoscale-lua" };
  if (host !== undefined) {
    headers["Host"] = host;
  }
  const tls = host === undefined ? { verify } : { verify, serverName: host };

  function requestOf(entry: PeerEntry): HttpRequest {
    return {
      method: "GET",
      scheme: type === "https" ? "https" : "http",
      host: entry.host,
      port: port ?? entry.port,
      path,
      headers,
      connectSeconds: timeoutSeconds,
      readSeconds: timeoutSeconds,
      maxBytes: MOST_BYTES,
      tls,
    };
  }

  return (entry) => {
    const { status, problem, body } = http.request(requestOf(entry));
    if (statuses[status] === true) {
      return success(agent ? body : undefined);
    }
    return failure(status > 0 ? `status ${integerText(status)}` : (problem ?? "no answer"));
  };
}

/** How peers are probed under this configuration. */
export function createProber(config: ActiveConfig, http: Http): Prober {
  return config.type === "tcp" ? tcpProber(config, http) : httpProber(config, http);
}
