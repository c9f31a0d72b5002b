import { schema as s } from "../../../plugins/_kit/schema/index.ts";
import { DEFAULT_OPENRESTY_IMAGE } from "../../engine/images.ts";
import { size } from "./schema-common.ts";

const DNS_WORDS = "small letters, digits and -";
/** Objects may have dots in their names (RFC 1123 subdomains), namespaces may not. */
const OBJECT_PATTERN = "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$";
const NAMESPACE_PATTERN = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

const object = (description: string) => {
  return s.string({ pattern: OBJECT_PATTERN, expects: `${DNS_WORDS} or .`, description });
};

const ofPorts = {
  keyPattern: "^[1-9][0-9]{0,4}$",
  keyExpects: "a port of `listen`",
  default: {},
};

const deployment = s.either(
  [
    s.oneOf([false], { description: "No Deployment of this upstream is scaled." }),
    object("The name of the Deployment."),
    s.record({
      name: object("The name of the Deployment."),
      namespace: s.string({
        pattern: NAMESPACE_PATTERN,
        expects: DNS_WORDS,
        optional: true,
        description: "Where it is, when that is not the gateway's namespace.",
      }),
    }),
  ],
  { description: "The Deployment behind an upstream, or false." },
);

/** `kubernetes`: what the target of that name writes into its manifests. */
export const kubernetesSchema = s.record(
  {
    name: s.string({
      default: "gateway",
      pattern: "^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$",
      expects: `${DNS_WORDS}, a letter first, at most 40`,
      description: "What the objects are called, or what their names begin with.",
    }),
    namespace: s.string({
      default: "default",
      pattern: NAMESPACE_PATTERN,
      expects: DNS_WORDS,
      description: "The namespace of the gateway; it must be there.",
    }),
    image: s.string({
      default: DEFAULT_OPENRESTY_IMAGE,
      pattern: "^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,499}$",
      expects: "an image with its tag or digest",
      description: "An image with OpenResty as openresty on its PATH.",
    }),
    replicas: s.record(
      {
        min: s.integer({ default: 2, min: 1, max: 1000, description: "Never fewer gateways." }),
        max: s.integer({ default: 10, min: 1, max: 1000, description: "Never more gateways; as min: a fixed number." }),
        cpu_percent: s.integer({
          default: 70,
          min: 1,
          max: 100,
          description: "The share of the requested CPU that the gateways are scaled to.",
        }),
      },
      {
        description: "How many gateways run.",
        check: ({ min, max }) => (min > max ? `min ${min} is above max ${max}` : undefined),
      },
    ),
    resources: s.record(
      {
        cpu: s.number({
          default: 1,
          min: 0.01,
          max: 1024,
          description: "Cores requested; workers auto is one a core.",
        }),
        memory: s.either(size("Memory requested, which is also the limit."), {
          optional: true,
          description: "Memory requested, also the limit; absent: 256m and the shared memory.",
        }),
      },
      { description: "What a gateway asks of its node." },
    ),
    service: s.record(
      {
        type: s.oneOf(["ClusterIP", "NodePort", "LoadBalancer"], {
          default: "ClusterIP",
          description: "How the gateway is reached.",
        }),
        ports: s.map(s.integer({ min: 1, max: 65535, description: "The port of the Service." }), {
          ...ofPorts,
          description: "Ports of listen to ports of the Service, where they differ.",
        }),
      },
      { description: "The Service in front of the gateways." },
    ),
    tls_secrets: s.map(object("A Secret of type kubernetes.io/tls."), {
      ...ofPorts,
      description: "Ports of listen with tls to the Secret with certificate and key; default: name-tls-port.",
    }),
    deployments: s.map(deployment, {
      default: {},
      description: "Upstreams to the Deployments behind them; default: the one with the upstream's name.",
    }),
  },
  { description: "For the kubernetes target: the objects it writes." },
);
