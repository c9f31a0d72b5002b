/**
 * Load that goes on while a test breaks things, and counts every request. It is bounded by counts and conditions, never by
 * speed: a few clients, each of which waits for its answer, and a little longer, before it sends its next request.
 */
import { Agent, request, type OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";

export interface LoadOptions {
  readonly url: string;
  /** Clients; each has a connection of its own that it keeps. Default 8. */
  readonly clients?: number;
  /** Default GET. */
  readonly method?: string;
  /** Of the nth request of all, counted from 0. */
  readonly headers?: (n: number) => OutgoingHttpHeaders;
  /** What is behind the URL, of the nth request. */
  readonly path?: (n: number) => string;
  /** Between an answer and the client's next request. Default 0.01: the machine is small. */
  readonly pauseSeconds?: number;
  /** Ends by itself after so many. */
  readonly requests?: number;
}

/** What became of requests. */
export interface Tally {
  answered: number;
  /** How often each status came. */
  readonly statuses: Record<number, number>;
  /** How often each peer answered, by the `host:port` that it told in `X-Peer`. */
  readonly peers: Record<string, number>;
  /** Of those that got no answer. */
  readonly errors: string[];
  /** How often a connection that was kept turned out to be closed, and the request was sent on another one. */
  resent: number;
  /** The first bodies that came with another status than 200, for the reader of a failed test. */
  readonly odd: string[];
  readonly seconds: number[];
}

export interface Load {
  /** Since it began. */
  readonly all: Tally;
  /** Since the last call: a window. */
  window(): Tally;
  /** Waits until so many more requests are answered, all of them sent after this call. */
  more(count: number): Promise<void>;
  /** Waits for what is under way. */
  stop(): Promise<Tally>;
  /** Only with `requests`. */
  done(): Promise<Tally>;
}

const ODD_KEPT = 5;
/** Far longer than anything is waited for: a request that hangs fails the test by name, and not by its time limit. */
const HUNG_MS = 30_000;
/** A process that was busy for as long has the answer already, and only has to look. */
const LAST_LOOK_MS = 2000;

export function newTally(): Tally {
  return { answered: 0, statuses: {}, peers: {}, errors: [], resent: 0, odd: [], seconds: [] };
}

/** The smallest of `seconds` that `share` of them do not exceed. @param share 0 to 1 */
export function quantile(seconds: readonly number[], share: number): number {
  const sorted = [...seconds].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

interface Answered {
  readonly status: number;
  readonly peer: string;
  readonly body: string;
}

function sendOnce(options: LoadOptions, n: number, agent: Agent): Promise<Answered> {
  const { url, method = "GET", headers, path } = options;
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path?.(n) ?? "/"}`, { method, headers: headers?.(n) ?? {}, agent });
    const isReused = (): boolean => sent.reusedSocket;
    const giveUp = (): void => void sent.destroy(new Error("no answer within half a minute"));
    let hung = setTimeout(() => {
      hung = setTimeout(giveUp, LAST_LOOK_MS);
    }, HUNG_MS);
    sent.once("close", () => clearTimeout(hung));
    sent.once("error", (error: NodeJS.ErrnoException) => {
      reject(Object.assign(error, { idleClosed: isReused() && error.code === "ECONNRESET" }));
    });
    sent.once("response", (response) => {
      const peer = response.headers["x-peer"];
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, peer: typeof peer === "string" ? peer : "none", body });
      }, reject);
    });
    sent.end();
  });
}

/**
 * A connection that was kept may be closed by the server just as a request is written to it, as workers do that end; clients
 * send it again then (RFC 9112, section 9.3.1). Only GET is, and never from a connection of its own.
 */
async function sendOne(options: LoadOptions, n: number, agent: Agent, onResent: () => void): Promise<Answered> {
  for (;;) {
    try {
      return await sendOnce(options, n, agent);
    } catch (error) {
      if ((options.method ?? "GET") !== "GET" || (error as { idleClosed?: boolean }).idleClosed !== true) throw error;
      onResent();
    }
  }
}

function note(tally: Tally, { status, peer, body }: Answered, seconds: number): void {
  tally.answered += 1;
  tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
  tally.peers[peer] = (tally.peers[peer] ?? 0) + 1;
  tally.seconds.push(seconds);
  if (status !== 200 && tally.odd.length < ODD_KEPT) tally.odd.push(`${String(status)} ${body}`);
}

/** Begins at once; ends with the test at the latest. */
export function startLoad(options: LoadOptions): Load {
  const { clients = 8, pauseSeconds = 0.01, requests = Infinity } = options;
  const all = newTally();
  let current = newTally();
  let begun = 0;
  let stopped = false;
  /** Who waits for requests that are sent from a moment on: these have numbers from `from`. */
  const waiting = new Set<{ readonly from: number; count: number }>();

  function noteResent(): void {
    for (const tally of [all, current]) tally.resent += 1;
  }

  async function client(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopped && begun < requests) {
      const n = begun;
      begun += 1;
      const started = performance.now();
      try {
        const answer = await sendOne(options, n, agent, noteResent);
        const seconds = (performance.now() - started) / 1000;
        for (const tally of [all, current]) note(tally, answer, seconds);
      } catch (error) {
        for (const tally of [all, current]) tally.errors.push((error as Error).message);
      }
      for (const waiter of waiting) if (n >= waiter.from) waiter.count += 1;
      if (pauseSeconds > 0) await sleep(pauseSeconds * 1000);
    }
    agent.destroy();
  }

  const running = Promise.all(Array.from({ length: clients }, client));
  const stop = async (): Promise<Tally> => {
    stopped = true;
    await running;
    return all;
  };
  onTestFinished(async () => {
    await stop();
  });
  return {
    all,
    window: () => {
      const last = current;
      current = newTally();
      return last;
    },
    more: async (count) => {
      const waiter = { from: begun, count: 0 };
      waiting.add(waiter);
      await eventually(`${String(count)} more requests are answered`, () => waiter.count >= count, 60);
      waiting.delete(waiter);
    },
    stop,
    done: async () => {
      await running;
      return all;
    },
  };
}
