/** A real Redis: a server of this machine's own, on a port of the loopback interface. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, onTestFinished } from "vitest";
import { readAnswers } from "../../plugins/_core/resp/resp-answers.ts";
import { commandText } from "../../plugins/_core/resp/resp-command.ts";
import type { RespReply } from "../../plugins/_core/resp/resp-reply.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { isStopped } from "./processes.ts";

const hasRedis = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;

/** `describe` where there is a Redis; elsewhere its tests are skipped, and the name says why. */
export function describeWithRedis(name: string, body: () => void): void {
  if (hasRedis) describe(name, body);
  else describe.skip(`${name} (no redis-server on PATH)`, body);
}

/** What a reply holds, as plain values; an error rejects. */
type Plain = string | number | undefined | readonly Plain[];

export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  /** Runs a command; its text is ASCII. */
  command(...words: readonly string[]): Promise<Plain>;
  /** How many clients are connected, this one left out. */
  clients(): Promise<number>;
  /** kill -9. Its port refuses connections then. */
  kill(): Promise<void>;
  /** On the same port again, empty. */
  start(): Promise<void>;
  /** Connections can be made, by the kernel, and nothing is answered. */
  hang(): Promise<void>;
  goOn(): void;
}

function plain(reply: RespReply): Plain {
  if (reply.kind === "error") throw new Error(reply.text);
  if (reply.kind === "list") return reply.items.map(plain);
  if (reply.kind === "integer") return reply.value;
  return reply.kind === "text" ? reply.text : undefined;
}

async function exchange(socket: Socket, words: readonly string[]): Promise<Plain> {
  socket.write(commandText(words), "latin1");
  let text = "";
  for (;;) {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    text += bytes.toString("latin1");
    const { state, replies } = readAnswers(text, 1);
    if (state === "broken") throw new Error(`not RESP2: ${text}`);
    if (state === "whole") return plain(replies[0]!);
  }
}

/** Ends with the test. @param args more options, such as `--requirepass secret` */
export async function startRedis(args: readonly string[] = [], password?: string): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  let printed = "";

  const command = async (...words: readonly string[]): Promise<Plain> => {
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(10_000, () => socket.destroy(new Error("Redis does not answer")));
    try {
      await once(socket, "connect");
      if (password !== undefined) await exchange(socket, ["AUTH", password]);
      return await exchange(socket, words);
    } finally {
      socket.destroy();
    }
  };
  const start = async (): Promise<void> => {
    const usual = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/tmp"];
    const started = spawn("redis-server", [...usual, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    }
    await eventually("Redis answers", async () => {
      if (started.exitCode !== null) throw new Error(`Redis ended: ${printed}`);
      return (await command("PING").catch(() => undefined)) === "PONG";
    });
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  };
  onTestFinished(kill);
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    command,
    clients: async () => {
      const told = String(await command("INFO", "clients"));
      return Number(/connected_clients:(\d+)/.exec(told)?.[1]) - 1;
    },
    kill,
    start,
    hang: async () => {
      child?.kill("SIGSTOP");
      await eventually("Redis is stopped", () => isStopped(child?.pid ?? 0));
    },
    goOn: () => {
      child?.kill("SIGCONT");
    },
  };
}
