/**
 * Ports: what a plugin may ask of the world around it. A host adapter implements them over one gateway's
 * API; tests implement them in memory. Nothing else reaches a plugin, so a plugin runs the same in Node,
 * in plain LuaJIT and inside three gateways.
 */
import type { RespReply } from "../_core/resp/resp-reply.ts";

/** What a store can hold. */
export type StoreValue = string | number | boolean;

/**
 * Memory shared by all workers of one gateway node (an nginx shared dict). There is no compare-and-swap:
 * `incr` counts atomically, `add` elects one winner, `set` is last-writer-wins.
 * @noSelf
 */
export interface Store {
  /** The value, or undefined when absent or expired. */
  get(key: string): StoreValue | undefined;
  /** Writes unconditionally; evicts least recently used entries when memory is short. `ttlSeconds` 0 or absent: forever. */
  set(key: string, value: StoreValue, ttlSeconds?: number): boolean;
  /** Writes only if the key is absent or expired: true for exactly one caller among all workers. */
  add(key: string, value: StoreValue, ttlSeconds?: number): boolean;
  /**
   * Adds `delta` atomically and returns the new value. An absent key starts at `initial` and lives
   * `initialTtlSeconds` (0: forever); the ttl of a present key is left as it is.
   * Undefined when the key holds something that is not a number, or there is no memory.
   */
  incr(key: string, delta: number, initial: number, initialTtlSeconds: number): number | undefined;
  /** Gives a present key a new time to live; false when the key is absent. */
  expire(key: string, ttlSeconds: number): boolean;
  /**
   * The same in one operation, for a key that this worker has just written: one whose time ran out meanwhile may come back with
   * its old value. `expire` looks first, which is another operation.
   */
  renew(key: string, ttlSeconds: number): void;
  remove(key: string): void;
  /** Bytes of the whole memory; undefined where nobody can tell. */
  capacityBytes(): number | undefined;
  /** Bytes of pages that nothing was ever put into, or that are wholly free again: at 0 there may still be room. */
  freeBytes(): number | undefined;
}

/** @noSelf */
export interface Clock {
  /** Seconds since the epoch, with milliseconds; constant within one turn of the event loop. */
  now(): number;
}

/** @noSelf */
export interface Random {
  /** Uniform in [0, 1); seeded apart in each worker. */
  next(): number;
}

/** @noSelf */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  notice(message: string): void;
}

/** @noSelf */
export interface Timer {
  /** Runs `task` about every `seconds` in this worker until it ends. A task that throws is logged and runs again. */
  every(seconds: number, task: () => void): void;
}

/** @noSelf */
export interface Pressure {
  /** How loaded this gateway worker is, 0 (idle) to 1 (saturated), as last sampled. Never blocks. */
  read(): number;
}

/** How loaded a gateway node is: all its workers together. */
export interface NodeLoad {
  /**
   * Share of the processor time that the gateway may use, over about the last second: of the processors its workers may run on, or of
   * the quota of its container, whichever is more. 1: it can do no more. Undefined where nothing can be measured.
   */
  readonly cpuRatio: number | undefined;
  /** How late the latest event loop of all workers ran a timer of a second. */
  readonly lagSeconds: number;
}

/** One change of behaviour, as written to the log: who changed, from what to what, and why. */
export interface DecisionEvent {
  /** The plugin's name. */
  readonly plugin: string;
  /** What changed, e.g. `route:users`. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** A short English sentence. */
  readonly reason: string;
  /** The figures the decision was made from. */
  readonly inputs: Readonly<Record<string, StoreValue>>;
}

/** @noSelf */
export interface Events {
  emit(event: DecisionEvent): void;
}

/** What JSON can say; `undefined` fields are left out. */
export type JsonValue =
  string | number | boolean | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

/** @noSelf */
export interface Json {
  /** The value `text` stands for, or undefined when it is not JSON. `null` is undefined wherever it stands. */
  decode(text: string): unknown;
  encode(value: JsonValue): string;
}

/**
 * Where requests of one worker wait for each other without holding it up.
 * @noSelf
 */
export interface Gate {
  /**
   * Waits until somebody posts, for a millisecond at least, or not at all when somebody has posted before. Access and background
   * tasks only. The request may end meanwhile, as its client left: then nothing after this call runs but its log phase.
   * @returns false when nobody has within `seconds`
   */
  wait(seconds: number): boolean;
  /** Lets one go on that waits, or the next one that will. Every phase. */
  post(): void;
}

/**
 * UDP to one receiver. A datagram may be lost: nobody is told.
 * @noSelf
 */
export interface Datagrams {
  /** False when it could not be handed to the network. Timer tasks only: it cannot be called while a request is handled. */
  send(payload: string): boolean;
}

/**
 * Background work of this worker, each in a light thread of its own: it may wait. Hosts bound how many there can be at once,
 * to a few thousand at best: one that goes round is better than one for each of many things.
 * @noSelf
 */
export interface Tasks {
  /** Runs `run` soon. When it throws, that is logged and it begins again, later and later. Loops end when `sleep` says so. */
  start(run: () => void): void;
  /** Waits. Background tasks only. @returns false when the worker was told to finish: the task should end */
  sleep(seconds: number): boolean;
}

/** One request to a server that is not an upstream of the gateway. */
export interface HttpRequest {
  readonly method: string;
  readonly scheme: "http" | "https";
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
  /**
   * Content-Length is added; Host and Connection unless they are here. Connections are kept and used again: with
   * `Connection: close` not, which is for a server that is asked rarely, or one of very many.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it: to look the name up, to connect, and TLS. */
  readonly connectSeconds: number;
  /** The longest wait for the next bytes. */
  readonly readSeconds: number;
  /** A body with more is a problem, and left out; of a stream: a line with more. */
  readonly maxBytes: number;
  /** Only for https; the certificate is checked where absent. */
  readonly tls?: { readonly verify: boolean; readonly serverName?: string };
}

export interface HttpAnswer {
  /** 0 when there was no answer: then `problem` says why. */
  readonly status: number;
  /** A short text such as "connection refused" or "timeout"; also set when an answer ended too early. */
  readonly problem?: string;
  /** By names in small letters; the last one when repeated. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/**
 * HTTP/1.1 over sockets that do not block the worker. Background tasks only.
 * @noSelf
 */
export interface Http {
  request(request: HttpRequest): HttpAnswer;
  /**
   * Reads the body line by line as it comes, however long that takes; `onLine` returns false to end it. `body` of the answer
   * is empty unless the status is not 200.
   */
  stream(request: HttpRequest, onLine: (line: string) => boolean): HttpAnswer;
  /**
   * Looks whether a new connection can be made. `greeting`: also reads the first line that the server sends, of up to 1,024
   * bytes. `timeoutSeconds` is for all of it.
   */
  connect(host: string, port: number, timeoutSeconds: number, greeting: boolean): ConnectAnswer;
}

export interface ConnectAnswer {
  readonly problem?: string;
  /** The first line that the server sent, without its end; only when asked for. */
  readonly line?: string;
}

export type DnsType = "A" | "AAAA" | "SRV";

export interface DnsRecord {
  readonly type: DnsType;
  /** An address; of SRV the target's name. */
  readonly host: string;
  readonly ttlSeconds: number;
  /** SRV only; 0 else. */
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

export interface DnsAnswer {
  /** Aliases are followed. Empty without a problem: the name has no record of that type. */
  readonly records: readonly DnsRecord[];
  /** "NXDOMAIN", "SERVFAIL", "timeout", … */
  readonly problem?: string;
}

/** @noSelf */
export interface Dns {
  /**
   * Asks the servers one after the other until one answers. Short names are looked for in the domains of resolv.conf where its
   * servers are asked. An IP address is its own answer, and nobody is asked. Background tasks only.
   * @param servers `address` or `address:port`; empty: those of /etc/resolv.conf
   * @param timeoutSeconds for each server, by UDP, and once more where the answer must be had by TCP
   */
  query(name: string, type: DnsType, servers: readonly string[], timeoutSeconds: number): DnsAnswer;
}

/**
 * Small files. Reading and writing blocks the worker for as long as the disk takes: never while a request is handled.
 * @noSelf
 */
export interface Files {
  /** The first `maxBytes` of the file; undefined when it cannot be read. */
  read(path: string, maxBytes: number): string | undefined;
  /** Writes a file whole or not at all: beside it, then renamed. @returns what is wrong, or undefined */
  writeWhole(path: string, text: string): string | undefined;
  /**
   * A folder that workers may write to and that outlives a restart, without a slash at its end; undefined where the host has
   * none. What a plugin writes there begins with its own name or its subject's kind: all plugins share it.
   */
  stateFolder(): string | undefined;
}

/** Where a Redis is, and how to speak with it. Equal options share connections. */
export interface RedisOptions {
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Absent: the server's default user. */
  readonly user?: string;
  /** Absent: nobody logs in. */
  readonly password?: string;
  readonly database: number;
  /** Absent: without TLS. */
  readonly tls?: { readonly verify: boolean };
  /** For all of one call: to connect, to log in, and until the last answer has come. */
  readonly timeoutSeconds: number;
  /** All answers of one call together; more is a problem. */
  readonly maxBytes: number;
}

/** One run of a script. It touches this key only, so that it may run on any server that splits keys up. */
export interface RedisScriptCall {
  readonly key: string;
  readonly args: readonly string[];
}

export interface RedisAnswer {
  /** Why there are no answers: "timeout", "connection refused", "AUTH was refused: WRONGPASS", … What was sent may have been done. */
  readonly problem?: string;
  /** One for each command, in order; what the server refuses is a reply too, of kind `error`. Empty with a problem. */
  readonly replies: readonly RespReply[];
  /** Another one after a restart: what the server knew may be gone. Undefined where it does not say. */
  readonly server?: string;
}

/**
 * A Redis, or what speaks RESP2 as it does. Waits without blocking the worker: rewrite, access and background tasks. Commands are
 * sent in one write, on a connection from the pool. When the server had closed that one they are sent once more: a server that
 * died in between may have done them twice.
 * @noSelf
 */
export interface Redis {
  run(commands: readonly (readonly string[])[]): RedisAnswer;
  /** Runs a Lua script for each call. Only its hash is sent, as long as the server knows it. */
  evaluate(script: string, calls: readonly RedisScriptCall[]): RedisAnswer;
}
