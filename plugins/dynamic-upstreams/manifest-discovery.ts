import { schema as s } from "../_kit/schema/index.ts";
import { consul, eureka, kubernetes } from "./manifest-registries.ts";
import { common, interval, PATH, timeout, verify } from "./manifest-source.ts";
import { HEADER_NAME, HOST, HTTP_URL, NAME_SERVER } from "./manifest-words.ts";

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
