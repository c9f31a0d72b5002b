import type { Context, PeerPool, Try } from "../../plugins/_kit/context.ts";

/** What a test says about one request; everything has a default. */
export interface FakeRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly consumer?: string;
  readonly startSeconds?: number;
  status?: number;
  proxied?: boolean;
  upstreamSeconds?: number;
  answerSeconds?: number;
  clientAddress?: string;
  upstreamFailed?: boolean;
  tries?: readonly Try[];
  routedTo?: string;
  requestBytes?: number;
  responseBytes?: number;
}

let handles = 0;

/** A request to a backend that answers 200 at once, unless told otherwise. `reads` lists what was asked of it. */
export function fakeContext(
  request: FakeRequest = {},
): Context & { readonly reads: string[]; readonly told: Map<string, string | undefined>; marks(): number } {
  const reads: string[] = [];
  /** Headers of the answer that were set. */
  const told = new Map<string, string | undefined>();
  const memory = new Map<string, unknown>();
  handles += 1;
  const handle = handles;
  const read = <T>(name: string, value: T): T => {
    reads.push(name);
    return value;
  };
  return {
    reads,
    told,
    marks: () => memory.size,
    method: () => read("method", request.method ?? "GET"),
    path: () => read("path", request.path ?? "/"),
    header: (name) => read("header", request.headers?.[name.toLowerCase()]),
    query: (name) => read("query", request.query?.[name]),
    cookie: (name) => read("cookie", request.cookies?.[name]),
    clientAddress: () => read("clientAddress", request.clientAddress ?? "127.0.0.1"),
    consumer: () => read("consumer", request.consumer),
    requestId: () => read("requestId", "1"),
    handle: () => handle,
    requestBody: (maxBytes) =>
      read("requestBody", (request.body?.length ?? Infinity) > maxBytes ? undefined : request.body),
    setRequestHeader: () => undefined,
    status: () => read("status", request.status ?? 200),
    responseHeader: (name) => read("responseHeader", request.responseHeaders?.[name.toLowerCase()]),
    setResponseHeader: (name, value) => {
      told.set(name, value);
    },
    startSeconds: () => read("startSeconds", request.startSeconds ?? 0),
    proxied: () => read("proxied", request.proxied ?? true),
    routedTo: () => read("routedTo", request.routedTo),
    requestBytes: () => read("requestBytes", request.requestBytes ?? 0),
    responseBytes: () => read("responseBytes", request.responseBytes ?? 0),
    upstreamSeconds: () => read("upstreamSeconds", request.upstreamSeconds),
    answerSeconds: () => read("answerSeconds", request.answerSeconds),
    upstreamFailed: () => read("upstreamFailed", request.upstreamFailed ?? false),
    upstreamTries: () => read("upstreamTries", request.tries ?? []),
    remember: (key, value) => {
      memory.set(key, value);
    },
    recall: (key) => memory.get(key),
  };
}

/** A pool over `peers`; `excluded` fills with the indexes that were excluded. */
export function fakePool(peers: readonly string[]): PeerPool & { readonly excluded: Set<number> } {
  const excluded = new Set<number>();
  return {
    excluded,
    count: () => peers.length,
    key: (index) => peers[index] ?? "",
    find: (key) => peers.indexOf(key),
    exclude: (index) => excluded.add(index),
    only: (index) => {
      peers.forEach((_key, other) => other !== index && excluded.add(other));
    },
  };
}
