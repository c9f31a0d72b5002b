import { schema as s } from "../../../plugins/_kit/schema/index.ts";
import { filePath } from "./schema-common.ts";
import { eventsSchema } from "./schema-events.ts";

const port = { min: 1, max: 65535 };
const ADDRESS_PATTERN = "^[0-9A-Fa-f:.[\\]]{2,47}$";

function address(fallback: string, description: string) {
  const expects = "an IPv4 or IPv6 address, 0.0.0.0 for all";
  return s.string({ default: fallback, pattern: ADDRESS_PATTERN, expects, description });
}

/** One entry of `listen`. */
export const listenSchema = s.record({
  address: address("0.0.0.0", "The address to accept connections at."),
  port: s.integer({ ...port, description: "The TCP port to accept connections at." }),
  tls: s.record(
    {
      certificate: filePath("The PEM file with the certificate and its chain, relative to gateway.yaml."),
      key: filePath("The PEM file with the private key, relative to gateway.yaml."),
    },
    { optional: true, description: "Serve HTTPS at this port." },
  ),
  http2: s.boolean({ default: false, description: "Accept HTTP/2; without tls then only HTTP/2." }),
});

/** `admin`: the server with status, metrics and control. */
export const adminSchema = s.record(
  {
    address: address("127.0.0.1", "The address of the admin server; without a token a loopback one."),
    port: s.integer({ ...port, default: 9180, description: "The port of the admin server." }),
    token: s.string({
      pattern: "^[!-~]*$",
      expects: "printable ASCII without spaces",
      maxLength: 512,
      optional: true,
      secret: true,
      description: "What writing requests must show as bearer token; absent or empty: no writing.",
    }),
    events: eventsSchema,
  },
  { optional: true, description: "The admin server; absent: none." },
);
