export interface DemoBackend {
  readonly port: number;
  /** `http://host:port` */
  readonly url: string;
  /** How many requests it has had, those to `/__knobs` not counted. */
  requests(): number;
  close(): Promise<void>;
}

/** See `demo-backend.mjs`. `port` 0, the default, takes a free one; `host` is 127.0.0.1 by default. */
export function startDemoBackend(options?: {
  readonly name?: string;
  readonly port?: number;
  readonly host?: string;
  /** `status`, `delay_seconds`, `error_rate`: what it starts with. */
  readonly knobs?: Readonly<Record<string, number>>;
}): Promise<DemoBackend>;
