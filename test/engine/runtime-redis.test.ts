import { expect, onTestFinished, test } from "vitest";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { dnsServerForTest } from "../harness/dns-server.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { describeWithRedis, startRedis } from "../harness/redis.ts";
import { pretendResolvConf } from "../harness/resolv-conf.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

interface Answer {
  readonly problem?: string;
  readonly replies: readonly { readonly kind: string; readonly text?: string; readonly value?: number }[];
  readonly server?: string;
}

const usual = { host: "127.0.0.1", database: 0, timeoutSeconds: 10, maxBytes: 10_000 };

const run = (lab: WorkerLab, options: object, ...commands: readonly (readonly string[])[]): Promise<Answer> =>
  lab.run(
    `return worker.redis(${luaLiteral({ ...usual, ...options })}).run(${luaLiteral(commands)})`,
  ) as Promise<Answer>;

const ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])";

const evaluate = (lab: WorkerLab, options: object, ...calls: readonly object[]): Promise<Answer> =>
  lab.run(
    `return worker.redis(${luaLiteral({ ...usual, ...options })}).evaluate(${luaLiteral(ADD)}, ${luaLiteral(calls)})`,
  ) as Promise<Answer>;

/** A server that says what a test wants to see read, once for each piece that comes. */
async function saying(say: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", () => say(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

describeWithEngine("a worker's Redis", () => {
  describeWithRedis("a real one", () => {
    test("commands go together, and what is refused is a reply among the others", async () => {
      const [lab, { port }] = await Promise.all([startWorkerLab(), startRedis()]);
      const bytes = "a\r\n$1 b".repeat(500);
      const answer = await run(lab, { port }, ["SET", "k", bytes], ["GET", "k"], ["LPUSH", "k", "1"], ["GET", "none"]);
      expect(answer.problem).toBeUndefined();
      expect(answer.replies).toMatchObject([
        { kind: "text", text: "OK" },
        { kind: "text", text: bytes },
        { kind: "error", text: expect.stringContaining("WRONGTYPE") as string },
        { kind: "nil" },
      ]);
      expect(answer.server).toMatch(/^[0-9a-f]{40}$/);
    });

    test("a script is sent whole only where it is not known", async () => {
      const [lab, redis] = await Promise.all([startWorkerLab(), startRedis()]);
      const { port } = redis;
      const values = async (): Promise<unknown> =>
        (await evaluate(lab, { port }, { key: "a", args: ["1"] }, { key: "b", args: ["10"] })).replies.map(
          ({ value }) => value,
        );
      expect([await values(), await values()]).toEqual([
        [1, 10],
        [2, 20],
      ]);
      await redis.command("SCRIPT", "FLUSH");
      expect(await values()).toEqual([3, 30]);
      const told = String(await redis.command("INFO", "commandstats"));
      expect(told).toMatch(/cmdstat_eval:calls=4,/);
      expect(told).toMatch(/cmdstat_evalsha:calls=6,/);
    });

    test("logs in and chooses the database once for each connection, and no other user's connection is taken", async () => {
      const redis = await startRedis(["--requirepass", "se cret"], "se cret");
      await redis.command("ACL", "SETUSER", "limits", "on", ">p%ss", "~*", "+@all");
      const lab = await startWorkerLab();
      const { port } = redis;
      const own = { port, user: "limits", password: "p%ss", database: 3 };
      for (let n = 0; n < 5; n++)
        expect(await run(lab, own, ["INCR", "n"])).toMatchObject({ replies: [{ value: n + 1 }] });
      expect(await redis.command("INFO", "keyspace")).toContain("db3:keys=1");
      expect((await run(lab, { port }, ["PING"])).replies[0]?.text).toContain("NOAUTH");
      const other = { port, password: "se cret" };
      expect((await run(lab, other, ["ACL", "WHOAMI"], ["GET", "n"])).replies).toMatchObject([
        { text: "default" },
        { kind: "nil" },
      ]);
      expect(await redis.command("INFO", "commandstats")).toMatch(/cmdstat_select:calls=1,/);
      expect(await run(lab, { port, password: "wrong" }, ["PING"])).toMatchObject({
        problem: "AUTH was refused: WRONGPASS",
        replies: {},
      });
    });

    test("no more connections than are asked at once, and none after a problem", async () => {
      const [lab, redis] = await Promise.all([startWorkerLab(), startRedis()]);
      const { port } = redis;
      for (let round = 0; round < 5; round++) {
        await Promise.all(Array.from({ length: 8 }, () => run(lab, { port }, ["PING"])));
      }
      expect(await redis.clients()).toBeLessThanOrEqual(8);
      expect((await run(lab, { port, maxBytes: 20 }, ["PING"])).problem).toBe("an answer of more than 20 bytes");
      expect(await redis.clients()).toBeLessThanOrEqual(8);
    });

    test("another server behind the same address is noticed; connections that it closed are replaced", async () => {
      const [lab, redis] = await Promise.all([startWorkerLab(), startRedis()]);
      const { port } = redis;
      const before = await run(lab, { port }, ["INCR", "n"]);
      await redis.kill();
      expect((await run(lab, { port }, ["INCR", "n"])).problem).toBe("connection refused");
      await redis.start();
      const after = await run(lab, { port }, ["INCR", "n"]);
      expect(after).toMatchObject({ replies: [{ value: 1 }] });
      expect(after.server).not.toBe(before.server);
      await redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      expect(await run(lab, { port }, ["INCR", "n"])).toMatchObject({ replies: [{ value: 2 }], server: after.server });
    });

    test("one that hangs costs the time that was given, and is asked on a new connection afterwards", async () => {
      const [lab, redis] = await Promise.all([startWorkerLab(), startRedis()]);
      const options = { port: redis.port, timeoutSeconds: 0.2 };
      await eventually("it answers", async () => (await run(lab, options, ["SET", "k", "old"])).problem === undefined);
      await redis.hang();
      const [problem, seconds] = (await lab.run(`ngx.update_time() local before = ngx.now()
        local answer = worker.redis(${luaLiteral({ ...usual, ...options })}).run({ { "GET", "k" } })
        ngx.update_time() return { answer.problem, ngx.now() - before }`)) as [string, number];
      expect(problem).toBe("timeout");
      expect(seconds).toBeGreaterThanOrEqual(0.15);
      redis.goOn();
      await eventually("it answers again", async () => {
        const answer = await run(lab, options, ["PING"]);
        return answer.problem === undefined && answer.replies[0]?.text === "PONG";
      });
    });

    test("a name is looked up in the background, and its address outlives its name servers", async () => {
      const [redis, names, lab] = await Promise.all([startRedis(), dnsServerForTest(), startWorkerLab()]);
      names.zone.set("redis.test", [{ type: "A", ttl: 1, address: "127.0.0.1" }]);
      await lab.run(pretendResolvConf("nameserver 10.9.9.9\n", names.port));
      const options = { port: redis.port, host: "redis.test" };
      const [first, second] = await Promise.all([run(lab, options, ["PING"]), run(lab, options, ["PING"])]);
      expect([first, second]).toMatchObject([{ replies: [{ text: "PONG" }] }, { replies: [{ text: "PONG" }] }]);
      expect(names.asked.length).toBe(1);
      names.zone.set("redis.test", "silence");
      await eventually("it is looked up again", async () => {
        expect((await run(lab, options, ["PING"])).problem).toBeUndefined();
        return names.asked.length > 1;
      });
      const unknown = { port: redis.port, host: "gone.test" };
      expect((await run(lab, unknown, ["PING"])).problem).toBe("gone.test could not be resolved (NXDOMAIN)");
      names.zone.set("slow.test", "silence");
      const slow = { port: redis.port, host: "slow.test", timeoutSeconds: 0.2 };
      expect((await run(lab, slow, ["PING"])).problem).toBe("slow.test could not be resolved (timeout)");
    });
  });

  test.each<[string, string, string]>([
    ["garbage", "HTTP/1.1 400 Bad Request\r\n\r\n", "malformed answer"],
    ["half an answer", "$10\r\nabc", "timeout"],
    ["more than was asked for", "+PONG\r\n+PONG\r\n+PONG\r\n+PONG\r\n", "malformed answer"],
    ["an answer without end", `$9999\r\n${"x".repeat(20_000)}`, "an answer of more than 10000 bytes"],
  ])("%s is a problem, and the connection is closed", async (_name, text, problem) => {
    const lab = await startWorkerLab();
    const port = await saying((socket) => socket.write(text));
    expect(await run(lab, { port, timeoutSeconds: problem === "timeout" ? 0.3 : 10 }, ["PING"])).toEqual({
      problem,
      replies: {},
    });
  });

  test("answers that come byte by byte are read, and one time is for all of them", async () => {
    const lab = await startWorkerLab();
    const answers = ["$-1\r\n", "*2\r\n:1\r\n$2\r\nhi\r\n"];
    const port = await saying((socket) => {
      const text = answers.shift() ?? "+SLOW";
      Array.from(text).forEach((byte, at) => setTimeout(() => socket.write(byte), at * 20));
      if (text === "+SLOW") setInterval(() => socket.destroyed || socket.write("W"), 50).unref();
    });
    expect((await run(lab, { port }, ["PING"])).replies).toEqual([
      {
        kind: "list",
        items: [
          { kind: "integer", value: 1 },
          { kind: "text", text: "hi" },
        ],
      },
    ]);
    expect((await run(lab, { port, timeoutSeconds: 0.4 }, ["PING"])).problem).toBe("timeout");
  });

  test("where nobody listens is said", async () => {
    const lab = await startWorkerLab();
    expect(await run(lab, { port: await freePort() }, ["PING"])).toMatchObject({ problem: "connection refused" });
  });
});
