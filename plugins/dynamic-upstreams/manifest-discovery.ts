import { schema as s } from "../_kit/schema/index.ts";
import { HEADER_NAME, HOST, HTTP_URL, NAME, NAME_SERVER, PRINTABLE, SERVER } from "./manifest-words.ts";

const DNS_LABEL = {
  pattern: "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
  expects: "small letters, digits and -",
} as const;

/** No control character, no half of a character. */
const PATH = {
  pattern: "^[ -~\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$",
  expects: "a path without control characters",
} as const;

const verify = s.boolean({ default: true, description: "Check the server's certificate, where it is asked by https." });

const timeout = (seconds: number) =>
  s.number({ default: seconds, min: 0.1, max: 60, description: "Longest wait for a connection and for each answer." });

const interval = (seconds: number, description: string) =>
  s.number({ default: seconds, min: 0.1, max: 3600, description });

/** What every source has. */
const common = {
  weight: s.number({
    default: 1,
    above: 0,
    max: 1000,
    description: "Factor for the weights of its peers: its share beside other sources.",
  }),
  zone: s.string({ ...NAME, optional: true, description: "The zone of its peers that tell none themselves." }),
  priority: s.integer({
    default: 0,
    min: 0,
    max: 100,
    description: "Added to the priorities of its peers: those of the lowest are used first.",
  }),
  allow_empty: s.boolean({
    default: false,
    description: "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
  }),
};

const consul = s.record(
  {
    address: s.string({ ...SERVER, description: "The agent: http://127.0.0.1:8500." }),
    service: s.string({ ...PRINTABLE, description: "The service's name." }),
    tags: s.list(s.string({ ...PRINTABLE, description: "A tag that instances must have." }), {
      default: [],
      maxItems: 20,
      description: "Only instances with all of these tags.",
    }),
    passing: s.boolean({ default: true, description: "Only instances all of whose checks pass." }),
    datacenter: s.string({ ...NAME, optional: true, description: "Another datacenter than the agent's." }),
    namespace: s.string({ ...NAME, optional: true, description: "The namespace, in Consul Enterprise." }),
    token: s.string({ ...PRINTABLE, optional: true, secret: true, description: "The ACL token to read with." }),
    near: s.string({
      ...PRINTABLE,
      optional: true,
      description: "A node that answers are sorted by; _agent: its own.",
    }),
    wait_seconds: s.number({ default: 60, min: 1, max: 600, description: "How long a query waits for a change." }),
    timeout_seconds: timeout(5),
    verify,
    ...common,
  },
  { optional: true, description: "Instances of a service in Consul, by blocking queries." },
);

const kubernetes = s.record(
  {
    address: s.string({
      ...SERVER,
      default: "https://kubernetes.default.svc",
      description: "The API server; the default is the one of the cluster that the gateway runs in.",
    }),
    namespace: s.string({ ...DNS_LABEL, default: "default", description: "The namespace of the Service." }),
    service: s.string({ ...DNS_LABEL, description: "The Service whose EndpointSlices are watched." }),
    port: s.string({
      pattern: "^[a-z0-9-]{1,15}$",
      expects: "a port's name or number",
      optional: true,
      description: "Name or number of the port; the first one of the slice when absent.",
    }),
    token_file: s.string({
      pattern: `^$|${PATH.pattern}`,
      expects: PATH.expects,
      default: "/var/run/secrets/kubernetes.io/serviceaccount/token",
      description: "The file with the bearer token, read anew for each request; empty: none is sent.",
    }),
    timeout_seconds: timeout(5),
    verify,
    ...common,
  },
  { optional: true, description: "Endpoints of a Service in Kubernetes: EndpointSlices, listed and then watched." },
);

const eureka = s.record(
  {
    address: s.string({ ...SERVER, description: "The server with its path: http://127.0.0.1:8761/eureka." }),
    app: s.string({ ...PRINTABLE, description: "The application's name." }),
    interval_seconds: interval(30, "How often it is asked."),
    secure: s.boolean({ default: false, description: "Use the secure port of instances." }),
    username: s.string({ ...PRINTABLE, optional: true, description: "The user of basic authentication." }),
    password: s.string({ ...PRINTABLE, optional: true, secret: true, description: "The password of that user." }),
    timeout_seconds: timeout(5),
    verify,
    ...common,
  },
  { optional: true, description: "Instances of an application in Eureka that are UP." },
);

const dns = s.record(
  {
    name: s.string({ ...HOST, description: "The name that is looked up." }),
    type: s.oneOf(["a", "aaaa", "address", "srv"], {
      default: "address",
      description: "The kind of records; address: A and AAAA.",
    }),
    port: s.integer({
      min: 1,
      max: 65535,
      optional: true,
      description: "The port of the peers; srv records bring their own.",
    }),
    servers: s.list(s.string({ ...NAME_SERVER, description: "A name server, with :port when it is not 53." }), {
      default: [],
      maxItems: 10,
      description: "Name servers, asked in this order; none: those of /etc/resolv.conf.",
    }),
    min_ttl_seconds: s.number({
      default: 1,
      min: 0.1,
      max: 86400,
      description: "It is not asked more often than this.",
    }),
    max_ttl_seconds: s.number({ default: 300, min: 0.1, max: 86400, description: "It is asked at least this often." }),
    timeout_seconds: timeout(2),
    ...common,
  },
  {
    optional: true,
    description: "Addresses or SRV records of a name, looked up again when their time to live is over.",
  },
);

const file = s.record(
  {
    path: s.string({ ...PATH, maxLength: 1000, description: "The file with the list of peers, as JSON." }),
    interval_seconds: interval(5, "How often the file is read."),
    ...common,
  },
  { optional: true, description: "Peers from a file that is read again when it changes." },
);

const http = s.record(
  {
    url: s.string({ ...HTTP_URL, description: "What is asked for by GET; the answer is JSON, as in a file." }),
    headers: s.map(
      s.string({
        pattern: "^[ -~]{0,4096}$",
        expects: "one line of printable ASCII",
        secret: true,
        description: "The header's value.",
      }),
      {
        keyPattern: HEADER_NAME.pattern,
        keyExpects: HEADER_NAME.expects,
        default: {},
        maxEntries: 20,
        description: "Headers to ask with, such as Authorization.",
      },
    ),
    interval_seconds: interval(10, "How often it is asked."),
    timeout_seconds: timeout(5),
    verify,
    ...common,
  },
  { optional: true, description: "Peers from an HTTP server that answers with a list." },
);

const sources = { consul, kubernetes, eureka, dns, file, http };

/** Where peers are found. */
export const discovery = s.record({
  ...sources,
  also: s.list(s.record(sources), {
    default: [],
    maxItems: 20,
    description: "More sources, each written as above: another datacenter, or the same kind a second time.",
  }),
});
