/**
 * A stand-in for a Eureka server: `GET /eureka/apps/<APP>` and `GET /eureka/apps/delta` as JSON
 * (https://github.com/Netflix/eureka/wiki/Eureka-REST-operations), over real connections. There is no such server to be had for
 * these tests.
 *
 * What it leaves out: registering and heartbeats by HTTP (a test does it by functions), leases and their ends, other servers,
 * XML, gzip, vip addresses, and the cache that real servers answer from for up to 30 seconds.
 */
import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { type Arrived, type Backend, startBackend } from "./backend.ts";
import { commit, type ServerFault } from "./server-fault.ts";

export interface EurekaInstance {
  readonly id: string;
  /** Default `USERS`. */
  readonly app?: string;
  readonly host?: string;
  readonly port?: number;
  readonly securePort?: number;
  /** Default `UP`. */
  readonly status?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface EurekaServer {
  /** With the path `/eureka`. */
  readonly url: string;
  /** Paths of all that was asked. */
  asked(): readonly string[];
  /** Adds an instance, or changes it. */
  register(instance: EurekaInstance): void;
  cancel(id: string): void;
  /** What changed before is told no more, as after three minutes. */
  forgetChanges(): void;
  /** Drops an instance without telling it as a change: what only a full fetch can find. */
  lose(id: string): void;
  /** Answers as the codec of old versions: what is alone stands without its list. */
  isOld: boolean;
  /** 403 for /apps/delta, as with `disableDelta`. */
  hasDelta: boolean;
  /** What goes wrong with every request. */
  fault: ServerFault | undefined;
  /** `user:password` that requests must have; undefined: any or none. */
  credentials: string | undefined;
  /** Refuses connections until `start`, which is on the same port. What it knows stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

type Action = "ADDED" | "MODIFIED" | "DELETED";

interface Registered extends EurekaInstance {
  readonly app: string;
  readonly action: Action;
}

function shown({ id, app, host = "127.0.0.1", port, securePort, status = "UP", metadata, action }: Registered): object {
  return {
    instanceId: id,
    hostName: host,
    app,
    ipAddr: host,
    status,
    overriddenStatus: "UNKNOWN",
    port: { $: port ?? 7001, "@enabled": String(port !== undefined) },
    securePort: { $: securePort ?? 7002, "@enabled": String(securePort !== undefined) },
    countryId: 1,
    dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
    leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 90, evictionTimestamp: 0 },
    metadata: metadata ?? { "@class": "java.util.Collections$EmptyMap" },
    vipAddress: app.toLowerCase(),
    isCoordinatingDiscoveryServer: "false",
    actionType: action,
  };
}

/** The count of all instances by status, as clients that keep all of them compare it: `DOWN_1_UP_2_`. */
function hashcode(instances: Iterable<Registered>): string {
  const counts = new Map<string, number>();
  for (const { status = "UP" } of instances) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([status, count]) => `${status}_${count}_`)
    .join("");
}

export async function startEurekaServer(): Promise<EurekaServer> {
  const instances = new Map<string, Registered>();
  const asked: string[] = [];
  let changes: Registered[] = [];

  const listed = (items: readonly object[]): unknown => (eureka.isOld && items.length === 1 ? items[0] : items);

  function applications(all: readonly Registered[]): unknown {
    const names = [...new Set(all.map(({ app }) => app))];
    return listed(names.map((name) => ({ name, instance: listed(all.filter(({ app }) => app === name).map(shown)) })));
  }

  function answer(path: string): object | undefined {
    if (path === "delta") {
      const delta = { versions__delta: "1", apps__hashcode: hashcode(instances.values()) };
      return { applications: { ...delta, application: applications(changes) } };
    }
    const own = [...instances.values()].filter(({ app }) => app === path.toUpperCase());
    return own.length === 0 ? undefined : { application: { name: own[0]?.app, instance: listed(own.map(shown)) } };
  }

  async function respond({ url, headers }: Arrived, response: ServerResponse): Promise<void> {
    asked.push(url);
    if (await commit(eureka.fault, response)) return;
    const { credentials } = eureka;
    const path = /^\/eureka\/apps\/([^/?]+)$/.exec(url)?.[1];
    const isAllowed =
      credentials === undefined || headers.authorization === `Basic ${Buffer.from(credentials).toString("base64")}`;
    const found = path === undefined ? undefined : answer(decodeURIComponent(path));
    if (!isAllowed) {
      response.writeHead(401).end();
    } else if (path === "delta" && !eureka.hasDelta) {
      response.writeHead(403).end();
    } else if (found === undefined || headers.accept?.includes("json") !== true) {
      response.writeHead(404).end();
    } else {
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(found));
    }
  }

  let server: Backend | undefined = await startBackend({ respond });
  const { port, target } = server;
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };
  onTestFinished(stop);

  const eureka: EurekaServer = {
    url: `http://${target}/eureka`,
    asked: () => asked,
    register: (instance) => {
      const action = instances.has(instance.id) ? "MODIFIED" : "ADDED";
      const registered = { ...instance, app: instance.app ?? "USERS", action } as const;
      instances.set(instance.id, registered);
      changes.push(registered);
    },
    cancel: (id) => {
      const instance = instances.get(id);
      if (instance === undefined) return;
      instances.delete(id);
      changes.push({ ...instance, action: "DELETED" });
    },
    forgetChanges: () => {
      changes = [];
    },
    lose: (id) => {
      instances.delete(id);
      changes = changes.filter((instance) => instance.id !== id);
    },
    isOld: false,
    hasDelta: true,
    fault: undefined,
    credentials: undefined,
    stop,
    start: async () => {
      server ??= await startBackend({ respond, port });
    },
  };
  return eureka;
}
