import { schema as s, type NumberSchema } from "../../../plugins/_kit/schema/index.ts";
import { timeouts } from "./schema-common.ts";
import { upstreamPlugin } from "./upstream-plugin.ts";

const { targets, discovery, balance, health, retries } = upstreamPlugin.config.fields;

const target = s.either(
  [
    s.string({ expects: "host:port", description: "The peer as host:port, IPv6 in brackets." }),
    s.record({
      ...targets.item.fields,
      // Brackets around IPv6 are welcome here; what it holds is looked at when it is resolved.
      host: s.string({ minLength: 1, maxLength: 253, description: "A host name, IPv4 or IPv6 address." }),
    }),
  ],
  { description: "One peer: host:port, or a record with more." },
);

const retryCause = s.either(
  [
    s.oneOf(["connect", "timeout"], { description: "Connection refused or reset, or no answer in time." }),
    s.integer({ min: 500, max: 599, description: "A status answered by the peer." }),
  ],
  { description: "What makes the next peer be tried." },
);

/** A number that asks for the plugin by being written: it has no default of its own here. */
function asking({ default: fallback = 0, ...rest }: NumberSchema) {
  const description = `${rest.description} ${String(fallback)} where Lua picks the peers; when written, it does.`;
  return s.number({ ...rest, description, optional: true });
}

/** One entry of `upstreams`. */
export const upstreamSchema = s.record({
  protocol: s.oneOf(["http", "https", "grpc"], { default: "http", description: "What the peers speak." }),
  targets: s.list(target, { default: [], description: "The peers, as host:port or records." }),
  discovery: s.record(discovery.fields, { description: "Where peers are found, beside or instead of targets." }),
  balance: s.record(balance.fields, {
    optional: true,
    description: "How a peer is chosen; when written, be it {}, in Lua: peers can then be taken out by hand.",
  }),
  health: s.record(health.fields, { description: "How sick peers are found." }),
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
  retries: s.record(
    {
      attempts: retries.fields.attempts,
      on: s.list(retryCause, {
        default: ["connect", "timeout"],
        unique: true,
        description: "After what another peer is tried: connect, timeout, or a status.",
      }),
      methods: retries.fields.methods,
      budget: asking(retries.fields.budget),
      budget_minimum: asking(retries.fields.budget_minimum),
      timeout_seconds: retries.fields.timeout_seconds,
    },
    { description: "When a failed request is sent to another peer." },
  ),
  timeouts: timeouts("for this upstream"),
});

/** An HTTP method as it is written on the wire. */
export const method = retries.fields.methods.item;
