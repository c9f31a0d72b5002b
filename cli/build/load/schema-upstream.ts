import { schema as s } from "../../../plugins/_kit/schema/index.ts";
import { filePath, later, NAME_PATTERN, NAME_WORDS, timeouts } from "./schema-common.ts";

const targetRecord = s.record({
  host: s.string({ minLength: 1, maxLength: 253, description: "A host name, IPv4 or IPv6 address." }),
  port: s.integer({ min: 1, max: 65535, description: "The TCP port of the peer." }),
  weight: s.integer({ min: 1, max: 1000, default: 1, description: "Its share of the requests among its peers." }),
  zone: s.string({
    pattern: NAME_PATTERN,
    expects: NAME_WORDS,
    optional: true,
    description: "The zone it stands in, to prefer peers nearby.",
  }),
  priority: s.integer({
    min: 0,
    max: 100,
    default: 0,
    description: "0 is used first; higher ones when no lower one is left.",
  }),
});

const target = s.either(
  [s.string({ expects: "host:port", description: "The peer as host:port, IPv6 in brackets." }), targetRecord],
  { description: "One peer: host:port, or a record with more." },
);

const discovery = s.record(
  {
    file: s.record(
      {
        path: filePath("The file with the list of peers, relative to gateway.yaml."),
        interval_seconds: s.number({ min: 0.1, max: 3600, default: 5, description: "How often the file is read." }),
      },
      { optional: true, description: "Peers from a file that is read again when it changes." },
    ),
    consul: later("Peers from Consul."),
    kubernetes: later("Peers from Kubernetes EndpointSlices."),
    eureka: later("Peers from Eureka."),
    dns: later("Peers from DNS."),
    http: later("Peers from an HTTP endpoint."),
  },
  { optional: true, description: "Where peers are found, beside or instead of targets." },
);

const balance = s.record(
  {
    policy: s.oneOf(["round-robin", "least-request", "peak-ewma", "consistent-hash"], {
      default: "round-robin",
      description: "How a peer is chosen; this release knows round-robin.",
    }),
    hash_on: later("What consistent-hash hashes."),
    decay_seconds: later("How fast peak-ewma forgets."),
    slow_start_seconds: later("How long a new peer gets a rising share."),
    slow_start_aggression: later("How the share of a new peer rises."),
    panic_threshold: later("Below which share of healthy peers all are used."),
    zone: later("The zone this gateway stands in."),
    load_header: later("The header in which peers tell their load."),
  },
  {
    optional: true,
    description:
      "How a peer is chosen; when written, in Lua: peers can be taken out by hand, and must be IP addresses.",
  },
);

const health = s.record(
  { active: later("Requests that probe each peer."), passive: later("Ejecting peers that fail requests.") },
  { description: "How sick peers are found." },
);

const retryCause = s.either(
  [
    s.oneOf(["connect", "timeout"], { description: "Connection refused or reset, or no answer in time." }),
    s.integer({ min: 500, max: 599, description: "A status answered by the peer." }),
  ],
  { description: "What makes the next peer be tried." },
);

/** An HTTP method as it is written on the wire. */
export const method = s.string({
  pattern: "^[A-Z][A-Z_-]{0,31}$",
  expects: "an HTTP method in capital letters",
  description: "An HTTP method in capital letters.",
});

const retries = s.record(
  {
    attempts: s.integer({ min: 0, max: 10, default: 1, description: "Tries after the first one; 0: none." }),
    on: s.list(retryCause, {
      default: ["connect", "timeout"],
      unique: true,
      description: "After what another peer is tried: connect, timeout, or a status.",
    }),
    methods: s.list(method, {
      default: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
      unique: true,
      description: "Methods that may be sent twice.",
    }),
    budget: later("Percent of requests that may be retries."),
  },
  { description: "When a failed request is sent to another peer." },
);

/** One entry of `upstreams`. */
export const upstreamSchema = s.record({
  protocol: s.oneOf(["http", "https", "grpc"], { default: "http", description: "What the peers speak." }),
  targets: s.list(target, { default: [], description: "The peers, as host:port or records." }),
  discovery,
  balance,
  health,
  keepalive: s.record(
    {
      connections: s.integer({
        min: 0,
        max: 65535,
        default: 64,
        description: "Idle connections a worker keeps; 0: none.",
      }),
      idle_seconds: s.number({ min: 1, max: 86400, default: 60, description: "How long an idle connection is kept." }),
    },
    { description: "Connections to peers that are used again." },
  ),
  retries,
  timeouts: timeouts("for this upstream"),
});
