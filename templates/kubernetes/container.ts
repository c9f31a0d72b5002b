import type { Plan } from "../../cli/build/target.ts";
import type { Content } from "./content.ts";
import { PREFIX, tlsMounts, TRUSTED_CA_FOLDER } from "./places.ts";
import { adminPort, trafficPorts } from "./ports.ts";

/** How long a pod that ends goes on serving: until no node sends it new connections. */
export const DRAIN_SECONDS = 5;

/** nginx's logs are files; these are the container's own output. */
const START = [
  "set -e",
  "ln -sf /dev/stderr logs/error.log",
  "ln -sf /dev/stdout logs/access.log",
  `exec openresty -e /dev/stderr -p ${PREFIX}/ -c conf/nginx.conf -g 'daemon off;'`,
  "",
].join("\n");

/** Kubernetes sends SIGTERM when this returns, which would cut requests off: it waits until nginx has left by itself. */
const STOP = [
  `sleep ${DRAIN_SECONDS}`,
  "nginx=$(cat logs/nginx.pid)",
  'kill -QUIT "$nginx"',
  'while kill -0 "$nginx" 2>/dev/null; do sleep 1; done',
  "",
].join("\n");

const MEBIBYTE = 1024 * 1024;

/** What workers take without the shared memory. */
const BASE_MEMORY_MEBIBYTES = 256;

function memoryOf({ gateway }: Plan): string {
  const { memoryBytes } = gateway.kubernetes;
  if (memoryBytes !== undefined) return `${Math.ceil(memoryBytes / MEBIBYTE)}Mi`;
  const shared = Object.values(gateway.sharedMemoryBytes).reduce((sum, bytes) => sum + bytes, 0);
  return `${BASE_MEMORY_MEBIBYTES + Math.ceil(shared / MEBIBYTE)}Mi`;
}

function probes(plan: Plan): object {
  const traffic = trafficPorts(plan)[0] ?? adminPort(plan);
  const admin = adminPort(plan);
  if (traffic === undefined) return {};
  const connects = { tcpSocket: { port: traffic.name } };
  return {
    startupProbe: { ...connects, periodSeconds: 1, failureThreshold: 60 },
    readinessProbe: {
      ...(admin === undefined ? connects : { httpGet: { path: "/status", port: admin.name } }),
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 3,
    },
    // Only what a restart mends: a gateway that is busy must not be restarted.
    livenessProbe: { ...connects, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

/** The one container of the pod. */
export function gatewayContainer(plan: Plan, content: Content): object {
  const { cpuCores, image } = plan.gateway.kubernetes;
  const admin = adminPort(plan);
  const ports = admin === undefined ? trafficPorts(plan) : [...trafficPorts(plan), admin];
  const memory = memoryOf(plan);
  return {
    name: "gateway",
    image,
    command: ["/bin/sh", "-c", START],
    workingDir: PREFIX,
    ports: ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })),
    resources: { requests: { cpu: `${Math.ceil(cpuCores * 1000)}m`, memory }, limits: { memory } },
    ...probes(plan),
    lifecycle: { preStop: { exec: { command: ["/bin/sh", "-c", STOP] } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      ...content.volumes.map(({ folder }) => ({ name: folder, mountPath: `${PREFIX}/${folder}`, readOnly: true })),
      { name: "logs", mountPath: `${PREFIX}/logs` },
      { name: "temp", mountPath: `${PREFIX}/temp` },
      ...tlsMounts(plan).map(({ volume, path }) => ({ name: volume, mountPath: path, readOnly: true })),
      ...(plan.gateway.trustedCa === undefined
        ? []
        : [{ name: "trusted-ca", mountPath: TRUSTED_CA_FOLDER, readOnly: true }]),
    ],
  };
}
