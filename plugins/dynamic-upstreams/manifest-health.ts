import { schema as s } from "../_kit/schema/index.ts";
import { HOST, STATUSES } from "./manifest-words.ts";

const count = (fallback: number, description: string) =>
  s.integer({ default: fallback, min: 1, max: 100, description });

const active = s.record(
  {
    type: s.oneOf(["http", "https", "tcp"], { default: "http", description: "What a probe does; tcp only connects." }),
    path: s.string({
      pattern: '^/[!-"$-~]{0,1000}$',
      expects: "a path that begins with /",
      default: "/",
      description: "What is asked for by GET.",
    }),
    host: s.string({ ...HOST, optional: true, description: "The Host header; the peer's address when absent." }),
    port: s.integer({ min: 1, max: 65535, optional: true, description: "The port, where it is not the peer's own." }),
    interval_seconds: s.number({
      default: 5,
      min: 0.1,
      max: 3600,
      description: "Time from one probe of a peer to the next, with some jitter.",
    }),
    timeout_seconds: s.number({ default: 1, min: 0.01, max: 60, description: "A probe without an answer has failed." }),
    healthy_after: count(2, "So many probes in a row that go well make a peer healthy."),
    unhealthy_after: count(3, "So many probes in a row that fail make a peer unhealthy."),
    statuses: s.list(s.string({ ...STATUSES, description: "A status or a range of statuses." }), {
      default: ["200-399"],
      minItems: 1,
      maxItems: 20,
      description: "Statuses of a healthy peer.",
    }),
    agent: s.boolean({
      default: false,
      description: "Follow what the answer says of the peer's load, in HAProxy's words: 75%, drain, maxconn:30, up.",
    }),
    verify: s.boolean({ default: true, description: "Check the peer's certificate, where the type is https." }),
  },
  { optional: true, description: "Probe each peer; {} with all defaults, absent: not." },
);

const percent = (fallback: number, description: string) =>
  s.number({ default: fallback, min: 0, max: 100, description });
const inRow = (description: string) => s.integer({ default: 5, min: 0, max: 10000, description });
const atLeast = (fallback: number, description: string) =>
  s.integer({ default: fallback, min: 1, max: 1000000, description });

const passive = s.record(
  {
    consecutive_errors: inRow("So many failed requests in a row eject a peer; 0: not looked at."),
    consecutive_gateway_errors: inRow(
      "So many without an answer, or with 502, 503 or 504, in a row; 0: not looked at.",
    ),
    interval_seconds: s.number({ default: 10, min: 0.5, max: 3600, description: "How often rates are looked at." }),
    eject_seconds: s.number({
      default: 30,
      min: 0.1,
      max: 86400,
      description: "How long a peer is ejected, times how often it was.",
    }),
    max_eject_seconds: s.number({
      default: 300,
      min: 0.1,
      max: 86400,
      description: "It is ejected no longer than this.",
    }),
    max_ejected: percent(10, "No more percent of the peers are ejected; one always may be, the last never."),
    success_rate_stdev: s.number({
      default: 1.9,
      min: 0,
      max: 100,
      description:
        "A peer is ejected whose success rate is so many standard deviations below the mean; 0: not looked at.",
    }),
    success_rate_peers: atLeast(5, "Only when so many peers have enough requests."),
    success_rate_requests: atLeast(100, "Enough requests in an interval for that."),
    failure_rate: percent(85, "Percent of failed requests in an interval that ejects a peer; 0: not looked at."),
    failure_rate_requests: atLeast(50, "Enough requests in an interval for that."),
  },
  { optional: true, description: "Eject peers that fail requests; {} with all defaults, absent: not." },
);

/** How sick peers are found. */
export const health = s.record({ active, passive });
