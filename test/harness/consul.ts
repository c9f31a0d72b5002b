/** A real Consul: an agent of this machine's own, on ports of the loopback interface. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, onTestFinished } from "vitest";
import { debianProgram } from "./container-host/debian-program.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { isStopped } from "./processes.ts";

/** Debian's last one: 1.8, one program that runs on newer systems too. */
const OF_DEBIAN = { package: "consul", suite: "bullseye", path: "usr/bin/consul" } as const;

export interface ConsulService {
  readonly id: string;
  /** Default `users`. */
  readonly name?: string;
  readonly address?: string;
  readonly port: number;
  readonly tags?: readonly string[];
  readonly meta?: Readonly<Record<string, string>>;
  readonly weights?: { readonly passing: number; readonly warning: number };
  /** Of its check; default `passing`. */
  readonly status?: "passing" | "warning" | "critical";
}

export interface Consul {
  readonly url: string;
  readonly port: number;
  register(service: ConsulService): Promise<void>;
  deregister(id: string): Promise<void>;
  /** What the check of a service says. */
  setStatus(id: string, status: NonNullable<ConsulService["status"]>): Promise<void>;
  /** kill -9. Its port refuses connections then. */
  kill(): Promise<void>;
  /** On the same ports again, with the services it had. */
  start(): Promise<void>;
  /** Connections can be made, by the kernel, and nothing is answered. */
  hang(): Promise<void>;
  goOn(): void;
}

const execute = promisify(execFile);

async function isConsul(file: string): Promise<boolean> {
  return execute(file, ["version"], { timeout: 20_000 }).then(
    ({ stdout }) => /^Consul v\d/.test(stdout),
    () => false,
  );
}

/** The one on PATH, or Debian's. */
async function survey(): Promise<{ readonly program?: string; readonly reason: string }> {
  if (await isConsul("consul")) return { program: "consul", reason: "" };
  try {
    const program = await debianProgram(OF_DEBIAN);
    return (await isConsul(program)) ? { program, reason: "" } : { reason: `${program} does not run here` };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

const found = await survey();

/** `describe` where there is a Consul; elsewhere its tests are skipped, and the name says why. */
export function describeWithConsul(name: string, body: () => void): void {
  if (found.program === undefined) describe.skip(`${name} (no Consul here: ${found.reason})`, body);
  else describe(name, body);
}

const CHECK_STATUS = { passing: "pass", warning: "warn", critical: "fail" } as const;

/** Ends with the test. */
export async function startConsul(): Promise<Consul> {
  const { program } = found;
  if (program === undefined) throw new Error(`no Consul: ${found.reason}`);
  const folder = await mkdtemp(join(tmpdir(), "autoscale-consul-"));
  const [http, rpc, serf] = await Promise.all([freePort(), freePort(), freePort()]);
  const url = `http://127.0.0.1:${http}`;
  const ports = { "http-port": http, "server-port": rpc, "serf-lan-port": serf, "serf-wan-port": -1, "dns-port": -1 };
  const args = [
    "agent",
    "-server",
    "-bootstrap-expect=1",
    `-data-dir=${folder}`,
    "-bind=127.0.0.1",
    "-client=127.0.0.1",
    "-node=test",
    "-disable-host-node-id",
    "-log-level=warn",
    // Elects itself within a second or two.
    "-hcl=performance { raft_multiplier = 1 }",
    ...Object.entries(ports).map(([name, port]) => `-${name}=${port}`),
  ];
  let child: ChildProcess | undefined;
  let printed = "";

  const request = async (method: string, path: string, body?: object): Promise<Response> => {
    const answer = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`Consul: ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const textOf = (path: string): Promise<string> =>
    fetch(url + path).then(
      (answer) => answer.text(),
      () => "",
    );
  const start = async (): Promise<void> => {
    const started = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    }
    await eventually("Consul has a leader and knows itself", async () => {
      if (started.exitCode !== null) throw new Error(`Consul ended: ${printed}`);
      return (await textOf("/v1/health/service/consul?passing=true")).includes('"Node"');
    });
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  };
  onTestFinished(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  await start();

  const setStatus: Consul["setStatus"] = async (id, status) => {
    await request("PUT", `/v1/agent/check/${CHECK_STATUS[status]}/check:${id}`);
  };

  return {
    url,
    port: http,
    register: async ({ id, name = "users", address = "127.0.0.1", port, tags, meta, weights, status = "passing" }) => {
      await request("PUT", "/v1/agent/service/register", {
        ID: id,
        Name: name,
        Address: address,
        Port: port,
        Tags: tags ?? [],
        Meta: meta ?? {},
        ...(weights === undefined ? {} : { Weights: { Passing: weights.passing, Warning: weights.warning } }),
        Check: { CheckID: `check:${id}`, TTL: "1h", Status: status },
      });
      // Only what a check has said is known again after a restart.
      await setStatus(id, status);
    },
    deregister: async (id) => {
      await request("PUT", `/v1/agent/service/deregister/${id}`);
    },
    setStatus,
    kill,
    start,
    hang: async () => {
      child?.kill("SIGSTOP");
      await eventually("Consul is stopped", () => isStopped(child?.pid ?? 0));
    },
    goOn: () => {
      child?.kill("SIGCONT");
    },
  };
}
