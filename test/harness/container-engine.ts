import { setTimeout as sleep } from "node:timers/promises";
import { GenericContainer, Wait, type StartedNetwork } from "testcontainers";
import { CONTAINER_LAUNCHER } from "../../cli/engine/container-launcher.ts";
import { containerImage } from "./containers.ts";

export interface BundleContainerOptions {
  /** Ports the bundle listens on, on all addresses (`0.0.0.0`); started once all of them are open. */
  readonly ports: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** A network shared with other containers, and the name they know this one by. */
  readonly network?: { readonly network: StartedNetwork; readonly alias: string };
}

export interface BundleContainer {
  /** `http://host:port` of a port of the bundle, as this machine reaches it. */
  url(port: number): string;
  /** nginx's own output, and its error.log. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

const BUNDLE = "/srv/bundle";
const START_SECONDS = 60;

/**
 * Copies a bundle into a container and serves it there: with OpenResty in the official image, with Debian's nginx and
 * its Lua module in the one made of packages. Throws, with what nginx printed, when a port does not open.
 */
export async function startBundleContainer(
  bundleFolder: string,
  options: BundleContainerOptions,
): Promise<BundleContainer> {
  let printed = "";
  const nginx = ["daemon off; ", "-p", `${BUNDLE}/`, "-c", "conf/nginx.conf"];
  const container = new GenericContainer(containerImage)
    .withEntrypoint(["/bin/sh", "-c", CONTAINER_LAUNCHER, "sh"])
    .withCommand(nginx)
    .withCopyDirectoriesToContainer([{ source: bundleFolder, target: BUNDLE }])
    .withExposedPorts(...options.ports)
    .withEnvironment({ ...options.env })
    .withLogConsumer((stream) => stream.on("data", (line: Buffer | string) => (printed += String(line))))
    .withWaitStrategy(openPorts())
    .withStartupTimeout(START_SECONDS * 1000);
  if (options.network !== undefined) {
    container.withNetwork(options.network.network).withNetworkAliases(options.network.alias);
  }
  const started = await container.start();
  return {
    url: (port) => `http://${started.getHost()}:${started.getMappedPort(port)}`,
    async logs() {
      const errorLog = await started.exec(["cat", `${BUNDLE}/logs/error.log`]);
      return `${printed}${errorLog.exitCode === 0 ? errorLog.output : ""}`;
    },
    async stop() {
      await started.stop({ timeout: 5 });
    },
  };
}

type PortWait = ReturnType<typeof Wait.forListeningPorts>;
type Waited = Parameters<PortWait["waitUntilReady"]>[0];

/** Waits for the ports. What a container printed that did not open them is asked for before testcontainers removes it. */
function openPorts(): PortWait {
  const wait = Wait.forListeningPorts();
  const waitUntilReady = wait.waitUntilReady.bind(wait);
  wait.waitUntilReady = async (container, ...rest) => {
    try {
      await waitUntilReady(container, ...rest);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await printedBy(container)}`, { cause: error });
    }
  };
  return wait;
}

/** Whole, and asked for anew: an engine may end the stream that follows a container that ends at once too early. */
async function printedBy(container: Waited): Promise<string> {
  let printed = "";
  for (let tries = 0; printed === "" && tries < 50; tries++) {
    if (tries > 0) await sleep(200);
    printed = String(await container.logs({ stdout: true, stderr: true, follow: false }));
  }
  return printed;
}
