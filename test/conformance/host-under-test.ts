import type { Answer } from "../harness/http-request.ts";

/** gateway.yaml as a case writes it; `listen` and `admin` are the host's business. */
export type Written = Readonly<Record<string, unknown>>;

/** A gateway that is being served. */
export interface HostUnderTest {
  readonly url: string;
  /** What `/status` of the host's admin endpoint shows, from any worker. */
  status(): Promise<Record<string, unknown>>;
  metrics(): Promise<string>;
  /** Changes a resource, e.g. `/breakers/route:users`. */
  put(path: string, body: object): Promise<Answer>;
  /** Serves another gateway.yaml; settles when every worker does. */
  push(config: Written): Promise<void>;
  /** error.log */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface HostOptions {
  /** Files beside gateway.yaml: path to text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly workers: number;
}

/** One way to run plugins: a gateway, or a fake of one, and then the name says so. */
export interface HostKind {
  readonly name: string;
  /** Names of cases that it cannot do, each with the reason. They are skipped by name. */
  readonly gaps: Readonly<Record<string, string>>;
  start(config: Written, options: HostOptions): Promise<HostUnderTest>;
}
