/** The configuration with its defaults filled in; `manifest.ts` declares it, and a test holds the two together. */
export interface Config {
  readonly targets: readonly TargetConfig[];
  readonly discovery: DiscoveryConfig;
  readonly balance: BalanceConfig;
  readonly health: { readonly active?: ActiveConfig; readonly passive?: PassiveConfig };
  readonly retries: RetriesConfig;
}

export interface TargetConfig {
  /** A name is looked up: one peer for each of its addresses. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly zone?: string;
  readonly priority: number;
}

/** What every source has. */
export interface SourceConfig {
  /** Factor for the weights of its peers: the share of this source beside the others. */
  readonly weight: number;
  /** For its peers that tell none themselves. */
  readonly zone?: string;
  /** Added to its peers' priorities: 0 is used first. */
  readonly priority: number;
  /** Takes an answer without peers as such, and not as an outage. */
  readonly allow_empty: boolean;
}

export interface SourcesConfig {
  readonly consul?: ConsulConfig;
  readonly kubernetes?: KubernetesConfig;
  readonly eureka?: EurekaConfig;
  readonly dns?: DnsConfig;
  readonly file?: FileConfig;
  readonly http?: HttpConfig;
}

/** `also`: more sources, e.g. the same kind in another place. */
export interface DiscoveryConfig extends SourcesConfig {
  readonly also: readonly SourcesConfig[];
}

export interface ConsulConfig extends SourceConfig {
  /** `http://127.0.0.1:8500` */
  readonly address: string;
  readonly service: string;
  readonly tags: readonly string[];
  readonly passing: boolean;
  readonly datacenter?: string;
  readonly namespace?: string;
  readonly token?: string;
  readonly near?: string;
  readonly wait_seconds: number;
  readonly timeout_seconds: number;
  readonly verify: boolean;
}

export interface KubernetesConfig extends SourceConfig {
  /** `https://kubernetes.default.svc` */
  readonly address: string;
  readonly namespace: string;
  readonly service: string;
  /** Name or number of the port; the first one when absent. */
  readonly port?: string;
  /** Read again before each request; empty: none. */
  readonly token_file: string;
  readonly timeout_seconds: number;
  readonly verify: boolean;
}

export interface EurekaConfig extends SourceConfig {
  /** `http://127.0.0.1:8761/eureka` */
  readonly address: string;
  readonly app: string;
  readonly interval_seconds: number;
  /** Use the secure port of instances. */
  readonly secure: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly timeout_seconds: number;
  readonly verify: boolean;
}

export interface DnsConfig extends SourceConfig {
  readonly name: string;
  /** `address`: A and AAAA. */
  readonly type: "a" | "aaaa" | "address" | "srv";
  /** Of the peers; SRV records bring their own. */
  readonly port?: number;
  /** `address` or `address:port`; empty: those of resolv.conf. */
  readonly servers: readonly string[];
  readonly min_ttl_seconds: number;
  readonly max_ttl_seconds: number;
  readonly timeout_seconds: number;
}

export interface FileConfig extends SourceConfig {
  readonly path: string;
  readonly interval_seconds: number;
}

export interface HttpConfig extends SourceConfig {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly interval_seconds: number;
  readonly timeout_seconds: number;
  readonly verify: boolean;
}

export type PolicyName = "round-robin" | "least-request" | "peak-ewma" | "consistent-hash";

export interface BalanceConfig {
  readonly policy: PolicyName;
  /** `header:N`, `cookie:N`, `query:N`, `path`, `client_address`; all together are hashed. */
  readonly hash_on: readonly string[];
  /** No peer gets more than so many times its share of the requests under way. */
  readonly hash_balance_factor: number;
  readonly decay_seconds: number;
  readonly slow_start_seconds: number;
  readonly slow_start_aggression: number;
  /** Percent. */
  readonly panic_threshold: number;
  /** Where this gateway stands. */
  readonly zone?: string;
  readonly load_header?: string;
  readonly load_blackout_seconds: number;
  readonly load_expiry_seconds: number;
}

export interface ActiveConfig {
  readonly type: "http" | "https" | "tcp";
  readonly path: string;
  /** The Host header; the peer's address when absent. */
  readonly host?: string;
  /** Of the probe, where it is not the peer's own. */
  readonly port?: number;
  readonly interval_seconds: number;
  readonly timeout_seconds: number;
  readonly healthy_after: number;
  readonly unhealthy_after: number;
  readonly statuses: readonly string[];
  /** Follow what the answer says of the peer's load: `75%`, `drain`, `maxconn:30`, … */
  readonly agent: boolean;
  readonly verify: boolean;
}

/** Of the counts and rates 0 means: not looked at. */
export interface PassiveConfig {
  readonly consecutive_errors: number;
  readonly consecutive_gateway_errors: number;
  readonly interval_seconds: number;
  readonly eject_seconds: number;
  readonly max_eject_seconds: number;
  /** Percent; one peer always may be, and never the last. */
  readonly max_ejected: number;
  readonly success_rate_stdev: number;
  readonly success_rate_peers: number;
  readonly success_rate_requests: number;
  /** Percent. */
  readonly failure_rate: number;
  readonly failure_rate_requests: number;
}

export interface RetriesConfig {
  readonly attempts: number;
  readonly methods: readonly string[];
  /** Percent of the requests that may be retries. */
  readonly budget: number;
  /** So many retries a second are always allowed, whatever the percentage. */
  readonly budget_minimum: number;
  readonly timeout_seconds?: number;
}
