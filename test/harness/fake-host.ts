import type {
  DecisionEvent,
  Dns,
  Files,
  Gate,
  Http,
  HttpAnswer,
  Json,
  NodeLoad,
  Redis,
  RedisOptions,
} from "../../plugins/_kit/ports.ts";
import type { Host, Place, WorkerHost } from "../../plugins/_kit/handlers.ts";
import { memoryStore, type MemoryStore } from "./memory-store.ts";

/** One gateway node in memory: what its workers share, and a clock that only moves when told to. */
export interface FakeNode {
  /** Seconds since the epoch. */
  now: number;
  /** How loaded every worker is, 0 to 1. */
  pressure: number;
  /** How loaded all are together. */
  load: NodeLoad;
  /** What `random.next` gives: queued values first, then 0.5. */
  readonly randoms: number[];
  readonly store: MemoryStore;
  readonly events: DecisionEvent[];
  readonly problems: string[];
  /** What was sent by UDP: address and payload. */
  readonly datagrams: { readonly address: string; readonly payload: string }[];
  /** How many workers were made: each has a slot of its own. */
  workers: number;
  /** Background tasks that were started: a test runs them, or lets them be. Waits in them end them, unless it sets `sleep`. */
  readonly tasks: (() => void)[];
  sleep: (seconds: number) => boolean;
  http: Http;
  dns: Dns;
  files: Files;
  /** The Redis of these options. */
  redis: (options: RedisOptions) => Redis;
  /** Slots whose workers died. */
  readonly dead: Set<number>;
  /** What a wait at a gate does: it may let time pass, and end requests. The gate then tells whether somebody posted. */
  wait: (seconds: number) => void;
  /** Slot of the worker that is the keeper. */
  keeper: number;
  /** What `host.peerCount` tells. */
  peerCount: number | undefined;
}

const UNREACHABLE: HttpAnswer = { status: 0, problem: "no network", headers: {}, body: "" };

const NO_REDIS: Redis = {
  run: () => ({ problem: "no network", replies: [] }),
  evaluate: () => ({ problem: "no network", replies: [] }),
};

/** Of the worker with slot 0. */
const FIRST_PID = 1000;

function fakeGate(node: FakeNode): Gate {
  let posts = 0;
  return {
    wait: (seconds) => {
      if (posts === 0) node.wait(seconds);
      if (posts === 0) return false;
      posts -= 1;
      return true;
    },
    post: () => {
      posts += 1;
    },
  };
}

export interface FakeWorker {
  readonly host: Host;
  /** Runs every timer task of this worker once. */
  tick(): void;
  /** The worker was told to finish, or a request ended after that: runs the tasks of `atExit`. */
  exit(): void;
}

export function fakeNode(now = 1_700_000_000): FakeNode {
  const node: FakeNode = {
    now,
    pressure: 0,
    load: { cpuRatio: 0, lagSeconds: 0 },
    randoms: [],
    store: memoryStore(() => node.now),
    events: [],
    problems: [],
    datagrams: [],
    workers: 0,
    tasks: [],
    sleep: () => false,
    http: { request: () => UNREACHABLE, stream: () => UNREACHABLE, connect: () => ({ problem: "no network" }) },
    dns: { query: () => ({ records: [], problem: "no network" }) },
    files: { read: () => undefined, writeWhole: () => "no disk", stateFolder: () => undefined },
    redis: () => NO_REDIS,
    dead: new Set(),
    wait: (seconds) => {
      node.now += seconds;
    },
    keeper: 0,
    peerCount: undefined,
  };
  return node;
}

const PLACE: Place = { route: "users", upstream: "backend", peers: ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"] };

/** As the hosts do it: null is undefined wherever it stands. */
const json: Json = {
  decode: (text) => {
    try {
      return JSON.parse(text, (_name, value: unknown) => value ?? undefined);
    } catch {
      return undefined;
    }
  },
  encode: (value) => JSON.stringify(value),
};

/** A worker of `node`: start several plugin instances by giving `host` to each. All dicts are the node's one store. */
export function fakeWorker(node: FakeNode, options: { shadow?: boolean; place?: Partial<Place> } = {}): FakeWorker {
  const tasks: (() => void)[] = [];
  const exitTasks: (() => void)[] = [];
  const note = (message: string): void => {
    node.problems.push(message);
  };
  const slot = node.workers;
  node.workers += 1;
  const shared = new Map<string, unknown>();
  const worker: WorkerHost = {
    clock: { now: () => node.now },
    random: { next: () => node.randoms.shift() ?? 0.5 },
    log: { error: note, warn: note, notice: () => undefined },
    timer: { every: (_seconds, task) => tasks.push(task) },
    events: { emit: (event) => node.events.push(event) },
    pressure: { read: () => node.pressure },
    json,
    store: () => node.store,
    slot: () => slot,
    highestSlot: () => node.workers - 1,
    holderOf: (asked) => (asked >= node.workers || node.dead.has(asked) ? undefined : FIRST_PID + asked),
    atExit: (task) => exitTasks.push(task),
    datagrams: (address) => ({
      send: (payload) => {
        node.datagrams.push({ address, payload });
        return true;
      },
    }),
    tasks: { start: (task) => node.tasks.push(task), sleep: (seconds) => node.sleep(seconds) },
    gate: () => fakeGate(node),
    http: {
      request: (request) => node.http.request(request),
      stream: (request, onLine) => node.http.stream(request, onLine),
      connect: (host, port, seconds, greeting) => node.http.connect(host, port, seconds, greeting),
    },
    dns: { query: (name, type, servers, seconds) => node.dns.query(name, type, servers, seconds) },
    files: {
      read: (path, maxBytes) => node.files.read(path, maxBytes),
      writeWhole: (path, text) => node.files.writeWhole(path, text),
      stateFolder: () => node.files.stateFolder(),
    },
    redis: (redisOptions) => {
      const at = (): Redis => node.redis(redisOptions);
      return { run: (commands) => at().run(commands), evaluate: (script, calls) => at().evaluate(script, calls) };
    },
    load: () => node.load,
    isKeeper: () => node.keeper === slot,
  };
  const { clock, random, log, timer, events, pressure, store } = worker;
  const ports = { clock, random, log, timer, events, pressure, json, store };
  return {
    host: {
      ...ports,
      place: { ...PLACE, ...options.place },
      shadow: options.shadow ?? false,
      peerCount: () => node.peerCount,
      shared: <Shared>(name: string, make: (host: WorkerHost) => Shared): Shared => {
        const present = (shared.get(name) as Shared | undefined) ?? make(worker);
        shared.set(name, present);
        return present;
      },
    },
    tick: () => {
      for (const task of tasks) task();
    },
    exit: () => {
      for (const task of exitTasks) task();
    },
  };
}
