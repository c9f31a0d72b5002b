/**
 * A client of Redis over cosockets, for as much as scripts need: RESP2, pipelined, pooled, with one time for all of a call. A
 * connection whose answers did not all come is closed: the next user would read them.
 */
import { commandText } from "../../plugins/_core/resp/resp-command.ts";
import type { RespReply } from "../../plugins/_core/resp/resp-reply.ts";
import type { Redis, RedisAnswer, RedisOptions, RedisScriptCall } from "../../plugins/_kit/ports.ts";
import { serverAddress } from "./redis-address.ts";
import { converse, greetingOf, keepRedis, openRedis, type RedisServer } from "./redis-connection.ts";

const NO_REPLIES: readonly RespReply[] = [];

/** By script: 40 hexadecimal digits. */
const hashes = new LuaMap<string, string>();

function hashOf(script: string): string {
  const known = hashes.get(script);
  if (known !== undefined) {
    return known;
  }
  const digest = ngx.sha1_bin(script);
  let hash = "";
  for (const at of $range(1, digest.length)) {
    hash += string.format("%02x", string.byte(digest, at));
  }
  hashes.set(script, hash);
  return hash;
}

/** The answers to `count` commands, or why there are none by `deadline`. */
function exchange(server: RedisServer, text: string, count: number, deadline: number): readonly RespReply[] | string {
  for (;;) {
    const connection = openRedis(server, deadline);
    if (typeof connection === "string") {
      return connection;
    }
    const { socket, isReused } = connection;
    const [replies, hasReceived] = converse(socket, text, count, deadline, server.options.maxBytes);
    if (typeof replies !== "string") {
      keepRedis(socket);
      return replies;
    }
    socket.close();
    // Each turn takes one out of the pool, which is empty at last.
    if (!isReused || hasReceived || replies === "timeout") {
      return replies;
    }
  }
}

function answerOf(server: RedisServer, replies: readonly RespReply[] | string): RedisAnswer {
  if (typeof replies === "string") {
    return { problem: replies, replies: NO_REPLIES };
  }
  const { runId } = server;
  return runId === undefined ? { replies } : { replies, server: runId };
}

/** Adds `EVAL script 1 key arg …`, or EVALSHA with the script's hash. */
function scriptText(command: string, script: string, { key, args }: RedisScriptCall): string {
  const words = [command, script, "1", key];
  for (const arg of args) {
    words.push(arg);
  }
  return commandText(words);
}

function isUnknown(reply: RespReply | undefined): boolean {
  return reply !== undefined && reply.kind === "error" && reply.text.indexOf("NOSCRIPT") === 0;
}

/** Runs again, with the whole script, what the server knew no script for. @returns a problem, or all the answers */
function withWholeScript(
  server: RedisServer,
  script: string,
  calls: readonly RedisScriptCall[],
  replies: readonly RespReply[],
  deadline: number,
): readonly RespReply[] | string {
  let text = "";
  let count = 0;
  for (const at of $range(1, calls.length)) {
    const call = calls[at - 1];
    if (call !== undefined && isUnknown(replies[at - 1])) {
      text += scriptText("EVAL", script, call);
      count += 1;
    }
  }
  if (count === 0) {
    return replies;
  }
  const again = exchange(server, text, count, deadline);
  if (typeof again === "string") {
    return again;
  }
  const all: RespReply[] = [];
  let next = 0;
  for (const reply of replies) {
    const better = isUnknown(reply) ? again[next] : undefined;
    next += better === undefined ? 0 : 1;
    all.push(better ?? reply);
  }
  return all;
}

function newRedis(server: RedisServer): Redis {
  const { timeoutSeconds } = server.options;
  return {
    run: (commands) => {
      let text = "";
      for (const command of commands) {
        text += commandText(command);
      }
      return answerOf(server, exchange(server, text, commands.length, ngx.now() + timeoutSeconds));
    },
    evaluate: (script, calls) => {
      const deadline = ngx.now() + timeoutSeconds;
      const hash = hashOf(script);
      let text = "";
      for (const call of calls) {
        text += scriptText("EVALSHA", hash, call);
      }
      const replies = exchange(server, text, calls.length, deadline);
      const all = typeof replies === "string" ? replies : withWholeScript(server, script, calls, replies, deadline);
      return answerOf(server, all);
    },
  };
}

/** By all of their options, the password included: it is kept nowhere else, and shown nowhere. */
const clients = new LuaMap<string, Redis>();
let pools = 0;

/** The client of these options: one in each worker. */
export function redisOf(options: RedisOptions): Redis {
  const { host, port, user = "", password = "", database, tls, timeoutSeconds, maxBytes } = options;
  const security = tls === undefined ? "plain" : tls.verify ? "verified" : "unverified";
  const login = string.format("%q %q", user, password);
  const numbers = string.format("%d %d %.6f %d", port, database, timeoutSeconds, maxBytes);
  const key = `${host} ${security} ${numbers} ${login}`;
  let client = clients.get(key);
  if (client === undefined) {
    const [greeting, greetingAnswers] = greetingOf(options);
    pools += 1;
    const pool = `autoscale redis ${string.format("%d", pools)}`;
    client = newRedis({ options, address: serverAddress(host), pool, greeting, greetingAnswers, runId: undefined });
    clients.set(key, client);
  }
  return client;
}
