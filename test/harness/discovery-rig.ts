import type { DnsAnswer, DnsType, HttpAnswer, HttpRequest, Json } from "../../plugins/_kit/ports.ts";
import type { Found, Source, SourcePorts } from "../../plugins/dynamic-upstreams/discovery/source.ts";

/** What a server does with one request or stream. */
export interface Exchange {
  /** 200 when absent. */
  readonly status?: number;
  readonly problem?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of a stream: the lines that come before it ends. */
  readonly lines?: readonly string[];
  /** How long it takes. */
  readonly seconds?: number;
}

/** What the world around a source does, in order. */
export interface Script {
  /** One for each request; when none is left, the work of the source is over. */
  readonly exchanges?: readonly Exchange[];
  /** What each reading of a file gives; the last one again and again. */
  readonly files?: Readonly<Record<string, readonly (string | undefined)[]>>;
  /** By `A name`: what each query gives; the last one again and again. */
  readonly dns?: Readonly<Record<string, readonly DnsAnswer[]>>;
  /** After so many waits the work is over. */
  readonly waits?: number;
  /** After so many reports the source is told to stop. */
  readonly reports?: number;
  /** What `random.next` gives. */
  readonly random?: number;
}

/** What a source did. */
export interface Played {
  readonly reports: Found[];
  readonly requests: HttpRequest[];
  /** Seconds of each wait. */
  readonly waits: number[];
  /** `A name`, with the servers if any were given. */
  readonly queries: string[];
}

/** As the hosts do it: null is undefined wherever it stands. */
export const json: Json = {
  decode: (text) => {
    try {
      return JSON.parse(text, (_name, value: unknown) => value ?? undefined);
    } catch {
      return undefined;
    }
  },
  encode: (value) => JSON.stringify(value),
};

function nextOf<Item>(items: readonly Item[] | undefined, taken: number): Item | undefined {
  return items?.[Math.min(taken, items.length - 1)];
}

function answerOf({ status = 200, problem, headers = {}, body = "" }: Exchange): HttpAnswer {
  return problem === undefined ? { status, headers, body } : { status, problem, headers, body };
}

/** Runs a source from its start until its script is over. @param make gives the source its ports */
export function play(make: (ports: SourcePorts) => Source, script: Script): Played {
  const { exchanges = [], files = {}, dns = {}, waits: mostWaits = 1000, reports: mostReports = Infinity } = script;
  const played: Played = { reports: [], requests: [], waits: [], queries: [] };
  const reads: Record<string, number> = {};
  const asked: Record<string, number> = {};
  let now = 1_700_000_000;
  let isOver = false;

  const exchange = (request: HttpRequest): Exchange => {
    const next = exchanges[played.requests.length];
    played.requests.push(request);
    isOver = isOver || next === undefined;
    now += next?.seconds ?? 0;
    return next ?? { status: 0, problem: "the script is over" };
  };
  const isRunning = (): boolean => !isOver && played.reports.length < mostReports;

  const source = make({
    clock: { now: () => now },
    random: { next: () => script.random ?? 0 },
    log: { error: () => undefined, warn: () => undefined, notice: () => undefined },
    tasks: {
      start: (run) => run(),
      sleep: (seconds) => {
        played.waits.push(seconds);
        now += seconds;
        const isLast = exchanges.length > 0 && played.requests.length >= exchanges.length;
        return !isOver && !isLast && played.waits.length < mostWaits;
      },
    },
    http: {
      request: (request) => answerOf(exchange(request)),
      stream: (request, onLine) => {
        const done = exchange(request);
        for (const line of done.lines ?? []) {
          if (!onLine(line)) break;
        }
        return answerOf(done);
      },
      connect: () => ({ problem: "no source connects by itself" }),
    },
    dns: {
      query: (name, type: DnsType, servers) => {
        const question = `${type} ${name}`;
        played.queries.push([question, ...servers].join(" "));
        const taken = asked[question] ?? 0;
        asked[question] = taken + 1;
        return nextOf(dns[question], taken) ?? { records: [], problem: "NXDOMAIN" };
      },
    },
    files: {
      read: (path, maxBytes) => {
        const taken = reads[path] ?? 0;
        reads[path] = taken + 1;
        return nextOf(files[path], taken)?.slice(0, maxBytes);
      },
      writeWhole: () => "no disk",
      stateFolder: () => undefined,
    },
    json,
  });
  source.run((found) => played.reports.push(found), isRunning);
  return played;
}
