export interface ConsulInstance {
  /** `http://consul:8500` */
  readonly agent: string;
  readonly service: string;
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** What Consul asks to see whether it lives. */
  readonly healthUrl: string;
  readonly lookSeconds?: number;
  readonly leaveSeconds?: number;
}

/** See `consul-registration.mjs`. */
export function keepRegistered(instance: ConsulInstance): { end(): Promise<void> };
