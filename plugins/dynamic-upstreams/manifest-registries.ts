/** Sources that know services by name. */
import { schema as s } from "../_kit/schema/index.ts";
import { common, interval, PATH, timeout, verify } from "./manifest-source.ts";
import { NAME, PRINTABLE, SERVER } from "./manifest-words.ts";

const DNS_LABEL = {
  pattern: "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
  expects: "small letters, digits and -",
} as const;

export const consul = s.record(
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

export const kubernetes = s.record(
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

export const eureka = s.record(
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
