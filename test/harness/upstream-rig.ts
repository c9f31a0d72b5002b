/** A gateway with one upstream whose peers are processes: what tests of discovery, health and balancing begin with. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backendProcesses, type BackendProcess } from "./backend-process.ts";
import { decisionsIn, type LoggedDecision } from "./error-log.ts";
import { eventually } from "./eventually.ts";
import { gatewayForTest, type Gateway } from "./gateway.ts";
import { sendMany, type Answer } from "./http-request.ts";
import { TELL_WORKER } from "./pinned-workers.ts";
import { startLoad, type Load, type LoadOptions } from "./steady-load.ts";

/** A peer as `GET /status` shows it. */
export interface ShownPeer {
  readonly state: string;
  readonly why?: string;
  readonly weight: number;
  readonly priority: number;
  readonly zone?: string;
  readonly takes_requests: boolean;
  readonly ejections?: number;
}

/** An upstream as `GET /status` shows it. */
export interface ShownUpstream {
  readonly peers: Readonly<Record<string, ShownPeer>>;
  readonly policy: string;
  readonly panic: boolean;
  readonly peers_available: number;
  readonly peers_total: number;
  /** By name. */
  readonly sources?: Readonly<
    Record<string, { readonly state: string; readonly problem?: string; readonly peers: number }>
  >;
}

export interface UpstreamRig {
  readonly gateway: Gateway;
  readonly backends: readonly BackendProcess[];
  load(options?: Omit<LoadOptions, "url">): Load;
  shown(): Promise<ShownUpstream>;
  /** Waits until the upstream is shown like this. */
  until(what: string, holds: (shown: ShownUpstream) => boolean): Promise<ShownUpstream>;
  /** Waits until each worker has answered `/` like this, and lastly so. */
  everyWorker(what: string, holds: (answer: Answer) => boolean): Promise<unknown>;
  decisions(): Promise<LoggedDecision[]>;
  /** Waits until a decision of this kind is in the log. */
  decided(subject: string, to: string): Promise<LoggedDecision>;
}

export interface RigOptions {
  /** Fields of the upstream `one`; `targets` are the backends unless they are here, or something is in `discovery`. */
  readonly upstream?: Readonly<Record<string, unknown>>;
  /** Default 3. */
  readonly backends?: number | readonly BackendProcess[];
  /** More of gateway.yaml. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly workers?: number;
  readonly files?: Readonly<Record<string, string>>;
}

/** A sick peer is tried again soon, so that tests need not wait for half a minute. */
export const SHORT_EJECTIONS = { eject_seconds: 1, max_eject_seconds: 2 };

/** New connections at once: so many that one worker does not accept all of them. */
const BURST = 32;

export async function upstreamRig(options: RigOptions = {}): Promise<UpstreamRig> {
  const { upstream = {}, more = {}, files = {} } = options;
  const given = options.backends ?? 3;
  const backends = typeof given === "number" ? await backendProcesses(given) : given;
  const targets = upstream["discovery"] === undefined ? { targets: backends.map(({ target }) => target) } : {};
  const gateway = await gatewayForTest(
    {
      upstreams: { one: { balance: {}, retries: { attempts: 2 }, ...targets, ...upstream } },
      routes: [{ name: "all", path: "/", upstream: "one" }],
      nginx: { server: [TELL_WORKER, "location = /free { return 200; }"] },
      ...more,
    },
    { workers: options.workers ?? 4, files },
  );
  const shown = async (): Promise<ShownUpstream> => {
    const { upstreams } = (await gateway.status()) as { upstreams: Record<string, ShownUpstream> };
    const one = upstreams["one"];
    if (one === undefined) throw new Error("GET /status shows no upstream `one`");
    return one;
  };
  const decisions = async (): Promise<LoggedDecision[]> => decisionsIn(await gateway.errorLog());
  return {
    gateway,
    backends,
    load: (loadOptions) => startLoad({ url: gateway.url, ...loadOptions }),
    shown,
    until: (what, holds) =>
      eventually(what, async () => {
        const now = await shown();
        return holds(now) && now;
      }),
    everyWorker: (what, holds) => {
      const lastly = new Map<string, boolean>();
      return eventually(`every worker ${what}`, async () => {
        for (const answer of await sendMany(BURST, gateway.url)) {
          lastly.set(String(answer.headers["x-worker"]), holds(answer));
        }
        const pids = await gateway.workerPids();
        return pids.every((pid) => lastly.get(String(pid)) === true);
      });
    },
    decisions,
    decided: (subject, to) =>
      eventually(`${subject} is decided to be ${to}`, async () => {
        const all = await decisions();
        return all.findLast((one) => one.subject === subject && one.to === to);
      }),
  };
}

/** For `everyWorker`. */
export const isWell = ({ status }: Answer): boolean => status === 200;

/** So many answers, from all workers: enough that a peer that is asked at all is among them. */
const ENOUGH = 60;

/** Waits until, while many requests are answered, none is by this peer. */
export function untilUnused(load: Load, { target }: BackendProcess): Promise<unknown> {
  return eventually(`${target} is asked no more`, async () => {
    load.window();
    await load.more(ENOUGH);
    return load.window().peers[target] === undefined;
  });
}

/** Waits until the peer answers requests again. */
export function untilUsed(load: Load, { target }: BackendProcess): Promise<unknown> {
  load.window();
  return eventually(`${target} answers requests`, () => load.window().peers[target] !== undefined);
}

/** Replaces a file beside gateway.yaml in one step, as those who write lists of peers should. */
export async function writePeers(gateway: Gateway, name: string, peers: readonly unknown[]): Promise<void> {
  const file = join(gateway.folder, name);
  await writeFile(`${file}.new`, JSON.stringify(peers));
  await rename(`${file}.new`, file);
}
