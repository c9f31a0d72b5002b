/**
 * A stand-in for a Kubernetes API server: lists and watches of EndpointSlices by the documented protocol
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/), over real connections, with events in a chunked stream. There is
 * no such server to be had for these tests.
 *
 * What it leaves out: every other resource, writing, protobuf, gzip, authorization but one bearer token, selectors but
 * `kubernetes.io/service-name=<name>`, `resourceVersionMatch`, `sendInitialEvents`, field validation, and the API server's own
 * bookmarks each minute: a test asks for them.
 */
import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { type Arrived, type Backend, startBackend } from "./backend.ts";
import { commit, type ServerFault } from "./server-fault.ts";

/** A slice of discovery.k8s.io/v1, without what the server adds. */
export interface SliceSpec {
  readonly name: string;
  /** Default `users`. */
  readonly service?: string;
  readonly addressType?: "IPv4" | "IPv6" | "FQDN";
  readonly ports: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[];
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: Readonly<Record<string, boolean | undefined>>;
    readonly zone?: string;
  }[];
}

export interface KubernetesApi {
  readonly url: string;
  /** Path and query of all that was asked. */
  asked(): readonly string[];
  /** The Authorization headers of all that was asked. */
  readonly authorizations: readonly (string | undefined)[];
  /** How many watches are open. */
  watches(): number;
  /** Creates a slice or replaces it; watches are told. */
  put(slice: SliceSpec): void;
  remove(name: string): void;
  /** Tells all watches the version it is at. */
  bookmark(): void;
  /** Forgets what happened: watches from before are Gone, told in the way that is asked for. Open ones go on. */
  compact(as: "status" | "event"): void;
  /** Ends the watches that are open, as timeoutSeconds does, or in the middle. */
  endWatches(how: "cleanly" | "abruptly"): void;
  /** Sends a line as it is into the open watches. */
  sendLine(line: string): void;
  /** What goes wrong with lists, and with watches that begin. */
  fault: { list?: ServerFault; watch?: ServerFault };
  /** The token that requests must bear; undefined: any or none. */
  token: string | undefined;
  /** Refuses connections until `start`, which is on the same port. What it knows stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface Happened {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: SliceObject;
}

type SliceObject = ReturnType<typeof objectOf>;

interface Watch {
  readonly response: ServerResponse;
  readonly service: string;
}

const objectOf = ({ name, service = "users", addressType = "IPv4", ports, endpoints }: SliceSpec, version: number) => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name,
    namespace: "default",
    resourceVersion: String(version),
    labels: { "kubernetes.io/service-name": service },
  },
  addressType,
  ports,
  endpoints,
});
const serviceOf = ({ metadata }: SliceObject): string => metadata.labels["kubernetes.io/service-name"];
const gone = (message: string) => ({
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message,
  reason: "Expired",
  code: 410,
});

/** A line of a watch, in two chunks: no client may count on getting it in one piece. */
function writeLine(response: ServerResponse, line: string): void {
  const middle = Math.floor(line.length / 2);
  response.write(line.slice(0, middle));
  response.write(`${line.slice(middle)}\n`);
}

/** @param options `tls`: it is asked by https */
export async function startKubernetesApi(
  options: { readonly tls?: { readonly certificate: string; readonly key: string } } = {},
): Promise<KubernetesApi> {
  const slices = new Map<string, SliceObject>();
  const watches = new Set<Watch>();
  const authorizations: (string | undefined)[] = [];
  const asked: string[] = [];
  let history: Happened[] = [];
  let version = 1000;
  let oldest = 0;
  let goneAs: "status" | "event" = "event";

  function happen(type: Happened["type"], object: SliceObject): void {
    const event = { version, type, object };
    history.push(event);
    for (const watch of watches) tell(watch, event);
  }

  function tell({ response, service }: Watch, { type, object }: Happened): void {
    if (serviceOf(object) === service) writeLine(response, JSON.stringify({ type, object }));
  }

  /** `continue` is the version of the first page and how many items were sent. */
  function list(query: URLSearchParams, service: string, response: ServerResponse): void {
    const [at = String(version), from = "0"] = (query.get("continue") ?? "").split("/").filter((part) => part !== "");
    if (Number(at) < oldest) {
      response.writeHead(410).end(JSON.stringify(gone("The provided continue parameter is too old")));
      return;
    }
    const all = [...slices.values()].filter((slice) => serviceOf(slice) === service);
    const end = Number(from) + Number(query.get("limit") ?? all.length);
    const next = end < all.length ? { continue: `${at}/${end}`, remainingItemCount: all.length - end } : {};
    const body = {
      kind: "EndpointSliceList",
      apiVersion: "discovery.k8s.io/v1",
      metadata: { resourceVersion: at, ...next },
      items: all.slice(Number(from), end),
    };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }

  function watch(query: URLSearchParams, service: string, response: ServerResponse): void {
    const from = Number(query.get("resourceVersion") ?? version);
    const isGone = from < oldest;
    if (isGone && goneAs === "status") {
      response.writeHead(410).end(JSON.stringify(gone("too old resource version")));
      return;
    }
    response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders();
    if (isGone) {
      writeLine(response, JSON.stringify({ type: "ERROR", object: gone(`too old resource version: ${from}`) }));
      response.end();
      return;
    }
    const opened = { response, service };
    watches.add(opened);
    for (const event of history.filter((event) => event.version > from)) tell(opened, event);
    const timer = setTimeout(() => response.end(), Number(query.get("timeoutSeconds") ?? 1800) * 1000).unref();
    response.once("close", () => {
      clearTimeout(timer);
      watches.delete(opened);
    });
  }

  async function respond({ url, headers }: Arrived, response: ServerResponse): Promise<void> {
    asked.push(url);
    authorizations.push(headers.authorization);
    const { pathname, searchParams: query } = new URL(url, "http://api");
    const isWatch = query.get("watch") === "true";
    if (await commit(isWatch ? api.fault.watch : api.fault.list, response)) return;
    const selector = /^kubernetes\.io\/service-name=(.+)$/.exec(query.get("labelSelector") ?? "");
    if (api.token !== undefined && headers.authorization !== `Bearer ${api.token}`) {
      response.writeHead(401).end();
    } else if (pathname !== "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices" || selector === null) {
      response.writeHead(404).end();
    } else {
      (isWatch ? watch : list)(query, selector[1] ?? "", response);
    }
  }

  let server: Backend | undefined = await startBackend({ ...options, respond });
  const { port, target } = server;
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };
  onTestFinished(stop);

  const api: KubernetesApi = {
    url: `${options.tls === undefined ? "http" : "https"}://${target}`,
    asked: () => asked,
    authorizations,
    watches: () => watches.size,
    put: (spec) => {
      version += 1;
      const type = slices.has(spec.name) ? "MODIFIED" : "ADDED";
      const object = objectOf(spec, version);
      slices.set(spec.name, object);
      happen(type, object);
    },
    remove: (name) => {
      const object = slices.get(name);
      if (object === undefined) return;
      version += 1;
      slices.delete(name);
      happen("DELETED", { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    },
    bookmark: () => {
      // Other resources have moved on meanwhile.
      version += 10;
      const object = { kind: "EndpointSlice", metadata: { resourceVersion: String(version), creationTimestamp: null } };
      for (const { response } of watches) writeLine(response, JSON.stringify({ type: "BOOKMARK", object }));
    },
    compact: (as) => {
      version += 1;
      oldest = version;
      history = [];
      goneAs = as;
    },
    endWatches: (how) => {
      for (const { response } of watches) {
        if (how === "cleanly") response.end();
        else response.destroy();
      }
      watches.clear();
    },
    sendLine: (line) => {
      for (const { response } of watches) writeLine(response, line);
    },
    fault: {},
    token: undefined,
    stop,
    start: async () => {
      server ??= await startBackend({ ...options, respond, port });
    },
  };
  return api;
}
