import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { answering, startBackend, type Backend, type BackendOptions } from "../harness/backend.ts";
import { dnsServerForTest } from "../harness/dns-server.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { rawServerForTest } from "../harness/raw-server.ts";
import { pretendResolvConf } from "../harness/resolv-conf.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

interface Answer {
  readonly status: number;
  readonly problem?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const usual = {
  method: "GET",
  scheme: "http",
  host: "127.0.0.1",
  path: "/",
  headers: {},
  connectSeconds: 10,
  readSeconds: 10,
  maxBytes: 1_000_000,
};

const ask = (lab: WorkerLab, request: object): Promise<Answer> =>
  lab.run(`return worker.http.request(${luaLiteral({ ...usual, ...request })})`) as Promise<Answer>;

async function backendForTest(options: BackendOptions = {}): Promise<Backend> {
  const backend = await startBackend(options);
  onTestFinished(() => backend.stop());
  return backend;
}

describeWithEngine("HTTP requests of a worker", () => {
  test("are sent as they are, answers come back, and one connection serves for all", async () => {
    const lab = await startWorkerLab();
    const backend = await backendForTest({
      respond: ({ method, url }, response) => {
        if (url === "/none") response.writeHead(204).end();
        else if (url === "/same") response.writeHead(304, { ETag: '"1"' }).end();
        else response.writeHead(201, { "X-Made": "yes" }).end(method === "HEAD" ? undefined : "x".repeat(70_000));
      },
    });
    const { port } = backend;
    const put = await ask(lab, { port, method: "PUT", path: "/a?b=c%20d", headers: { "X-A": "b" }, body: '{"a":1}' });
    expect(put).toMatchObject({ status: 201, headers: { "x-made": "yes" }, body: "x".repeat(70_000) });
    expect(put.problem).toBeUndefined();
    expect(await ask(lab, { port, path: "/none" })).toMatchObject({ status: 204, body: "" });
    expect(await ask(lab, { port, path: "/same" })).toMatchObject({ status: 304, headers: { etag: '"1"' }, body: "" });
    expect(await ask(lab, { port, method: "HEAD" })).toMatchObject({ status: 201, body: "" });
    expect(await ask(lab, { port })).toMatchObject({ status: 201 });
    const [first] = backend.arrived;
    expect(first).toMatchObject({ method: "PUT", url: "/a?b=c%20d", body: '{"a":1}' });
    expect(first?.headers).toMatchObject({ host: `127.0.0.1:${String(port)}`, "x-a": "b", "content-length": "7" });
    expect(backend.connections()).toBe(1);
    // One that wants no other to use its connection gets the one that is there, and the next a new one.
    await ask(lab, { port, headers: { Connection: "close" } });
    await ask(lab, { port });
    expect(backend.connections()).toBe(2);
  });

  test("find localhost, IPv6 and names of nginx's resolver", async () => {
    const backend = await backendForTest();
    const names = await dnsServerForTest({ "one.test": [{ type: "A", ttl: 1, address: "127.0.0.1" }] });
    const lab = await startWorkerLab({ http: [`resolver ${names.address} ipv6=off;`] });
    const { port } = backend;
    expect(await ask(lab, { port, host: "localhost" })).toMatchObject({ status: 200 });
    expect(await ask(lab, { port, host: "one.test" })).toMatchObject({ status: 200 });
    expect(await ask(lab, { port, host: "::ffff:127.0.0.1" })).toMatchObject({ status: 200 });
    expect(backend.arrived.map(({ headers }) => headers.host)).toEqual([
      `localhost:${String(port)}`,
      `one.test:${String(port)}`,
      `[::ffff:127.0.0.1]:${String(port)}`,
    ]);
    const nowhere = await ask(lab, { port, host: "nowhere.test" });
    expect(nowhere.status).toBe(0);
    expect(nowhere.problem).toMatch(/^nowhere\.test could not be resolved \(3: Host not found\)/);
  });

  test("find names without nginx's resolver too, with the servers of resolv.conf", async () => {
    const lab = await startWorkerLab();
    const backend = await backendForTest();
    const { port } = backend;
    const names = await dnsServerForTest({
      "one.test": [{ type: "A", ttl: 1, address: "127.0.0.1" }],
      "six.test": [{ type: "AAAA", ttl: 1, address: "::ffff:7f00:1" }],
      "none.test": [],
    });
    await lab.run(pretendResolvConf("nameserver 10.9.9.9\n", names.port));
    expect(await ask(lab, { port, host: "one.test" })).toMatchObject({ status: 200 });
    expect(await ask(lab, { port, host: "six.test" })).toMatchObject({ status: 200 });
    const problemOf = async (host: string) => (await ask(lab, { port, host })).problem;
    expect(await problemOf("none.test")).toBe("none.test could not be resolved (no address)");
    expect(await problemOf("gone.test")).toBe("gone.test could not be resolved (NXDOMAIN)");
    names.zone.set("one.test", "silence");
    // The connection that is there needs no name.
    expect(await ask(lab, { port, host: "one.test" })).toMatchObject({ status: 200 });
    const short = { host: "one.test", connectSeconds: 0.3, headers: { Connection: "close" } };
    await ask(lab, { port, ...short });
    expect((await ask(lab, { port, ...short })).problem).toBe("timeout");
    expect((await ask(lab, { port: await freePort() })).problem).toBe("connection refused");
  });

  test("are given up in time: a name that nobody answers for, a server that says nothing", async () => {
    const names = await dnsServerForTest({ "one.test": "silence" });
    const lab = await startWorkerLab({ http: [`resolver ${names.address} ipv6=off; resolver_timeout 600s;`] });
    const silent = await rawServerForTest(() => undefined);
    const { port } = silent;
    const short = { connectSeconds: 0.3, readSeconds: 0.3 };
    expect(await ask(lab, { port, host: "one.test", ...short })).toMatchObject({ status: 0, problem: "timeout" });
    expect(await ask(lab, { port, ...short })).toMatchObject({ status: 0, problem: "timeout" });
    expect(await ask(lab, { port, scheme: "https", ...short })).toMatchObject({
      status: 0,
      problem: expect.stringMatching(/^(TLS: )?timeout$/) as string,
    });
    await eventually("no connection is left", () => silent.open() === 0);
  });

  test("take as long as they take once they are connected", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) => {
      setTimeout(() => connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), 1000);
    });
    expect(await ask(lab, { port: server.port, connectSeconds: 0.3 })).toMatchObject({ status: 200, body: "ok" });
  });

  test.each([
    ["half a head", "HTTP/1.1 200 OK\r\nX: ", 0, "timeout"],
    ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 200, "timeout"],
    ["half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", 200, "timeout"],
    ["something else", "220 mail.test ESMTP\r\n", 0, "malformed answer: no HTTP/1 status line"],
  ])("end where a server goes on with nothing: %s", async (_name, text, status, problem) => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) => connection.write(text));
    expect(await ask(lab, { port: server.port, readSeconds: 0.3 })).toMatchObject({ status, problem });
    await eventually("the connection is closed", () => server.open() === 0);
  });

  test("say so when an answer ends too early or is too long, and use that connection no more", async () => {
    const lab = await startWorkerLab();
    const early = await rawServerForTest((connection) =>
      connection.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
    );
    expect(await ask(lab, { port: early.port })).toMatchObject({ status: 200, body: "abc", problem: "closed" });
    const long = await rawServerForTest((connection) =>
      connection.write(`HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n${"x".repeat(3_000_000)}`),
    );
    const problem = "an answer of more than 1000 bytes";
    expect(await ask(lab, { port: long.port, maxBytes: 1000 })).toMatchObject({ status: 200, body: "", problem });
    await eventually("both are closed", () => early.open() + long.open() === 0);
    const endless = await rawServerForTest((connection) => {
      connection.write("HTTP/1.1 200 OK\r\n\r\n");
      const more = setInterval(() => connection.write("x".repeat(100)), 10);
      connection.once("close", () => clearInterval(more));
    });
    expect(await ask(lab, { port: endless.port, maxBytes: 1000 })).toMatchObject({ status: 200, problem });
    await eventually("this one too", () => endless.open() === 0);
  });

  test("take no connection for good that has more on it than the answer", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) =>
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"),
    );
    for (let count = 0; count < 3; count++) expect((await ask(lab, { port: server.port })).body).toBe("a");
    expect(server.made()).toBe(3);
  });

  test("nothing in a request becomes another header or another request", async () => {
    const lab = await startWorkerLab();
    const backend = await backendForTest();
    const { port } = backend;
    for (const change of [
      { headers: { "X-A": "b\r\nX-C: d" } },
      { headers: { "X-A: b\r\nX-C": "d" } },
      { path: "/ HTTP/1.1\r\nX-C: d\r\n\r\n" },
      { method: "GET / HTTP/1.1\r\n" },
      { host: "127.0.0.1\r\nX-C: d" },
    ]) {
      expect(await ask(lab, { port, ...change })).toMatchObject({ status: 0, problem: expect.any(String) as string });
    }
    expect(backend.arrived).toEqual([]);
  });

  test("are sent once more on a new connection where the old one was closed, if that does no harm", async () => {
    const lab = await startWorkerLab();
    // Closes each connection at its second request, without a word.
    const server = await rawServerForTest((connection, count) => {
      if (count === 1) connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      else connection.destroy();
    });
    const { port } = server;
    for (let count = 0; count < 3; count++) expect(await ask(lab, { port })).toMatchObject({ status: 200, body: "ok" });
    expect([server.made(), server.heads.length]).toEqual([3, 5]);
    // A POST is sent once, on a connection of its own.
    expect(await ask(lab, { port, method: "POST" })).toMatchObject({ status: 200 });
    expect([server.made(), server.heads.length]).toEqual([4, 6]);
  });

  test("are sent twice at most, though all connections there were are closed", async () => {
    const lab = await startWorkerLab();
    const waiting: (() => void)[] = [];
    const server = await rawServerForTest((connection, count) => {
      if (count > 1) connection.destroy();
      else waiting.push(() => connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    });
    const three = Promise.all([1, 2, 3].map(() => ask(lab, { port: server.port })));
    await eventually("three connections are in use", () => waiting.length === 3);
    for (const answer of waiting.splice(0)) answer();
    await three;
    const again = ask(lab, { port: server.port });
    await eventually("it was sent on a new connection", () => waiting.length === 1);
    waiting[0]?.();
    expect(await again).toMatchObject({ status: 200 });
    expect([server.made(), server.heads.length]).toEqual([4, 5]);
  });

  test("are not sent again where a new connection is closed, or an answer has begun", async () => {
    const lab = await startWorkerLab();
    const closing = await rawServerForTest((connection) => connection.destroy());
    expect((await ask(lab, { port: closing.port })).problem).toMatch(/^closed$|reset by peer$/);
    expect(closing.heads).toHaveLength(1);
    const half = await rawServerForTest((connection, count) => {
      if (count === 1) connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      else connection.end("HTTP/1.1 200");
    });
    await ask(lab, { port: half.port });
    expect(await ask(lab, { port: half.port })).toMatchObject({ status: 0, problem: "closed" });
    expect(half.heads).toHaveLength(2);
  });

  test("many at once are answered each", async () => {
    const lab = await startWorkerLab({ http: ["lua_max_running_timers 512;"] });
    const backend = await backendForTest({
      respond: async ({ url }, response) => {
        await sleep(Math.random() * 50);
        response.end(url);
      },
    });
    const paths = Array.from({ length: 60 }, (_, index) => `/${String(index)}`);
    const answers = await Promise.all(paths.map((path) => ask(lab, { port: backend.port, path })));
    expect(answers.map(({ body }) => body)).toEqual(paths);
  });

  test("without a timer left there is a problem, not a wait without end", async () => {
    const lab = await startWorkerLab({ http: ["lua_max_running_timers 3;"] });
    await lab.run("for _ = 1, 2 do worker.tasks.start(function() worker.tasks.sleep(600) end) end");
    const backend = await backendForTest({ respond: answering(200) });
    // The task that asks is the third.
    expect((await ask(lab, { port: backend.port })).problem).toBe(
      "too many timers are running, see lua_max_running_timers",
    );
    expect(await lab.errorLog()).toContain("3 lua_max_running_timers are not enough");
  });
});

describeWithEngine("TCP connections of a worker", () => {
  const dial = (lab: WorkerLab, port: number, greeting: boolean, seconds = 10, host = "127.0.0.1") =>
    lab.run(`return worker.http.connect(${[host, port, seconds, greeting].map(luaLiteral).join(",")})`);

  test("are made anew each time, and closed", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest(() => undefined);
    for (let count = 0; count < 3; count++) expect(await dial(lab, server.port, false)).toEqual({});
    expect(await dial(lab, server.port, false, 10, "localhost")).toEqual({});
    await eventually("all four are closed", () => server.made() === 4 && server.open() === 0);
    expect(await dial(lab, await freePort(), false)).toEqual({ problem: "connection refused" });
  });

  test.each<[string, string, boolean, object]>([
    ["a line", "75%\r\n", false, { line: "75%" }],
    ["a line with more behind it", "drain\nup\n", false, { line: "drain" }],
    ["an empty line", "\n", false, { line: "" }],
    ["what came before it was closed", "up 50%", true, { line: "up 50%" }],
    ["nothing before it was closed", "", true, { problem: "closed" }],
    ["nothing at all", "", false, { problem: "timeout" }],
    ["half a line and no more", "up", false, { problem: "timeout" }],
    ["too much", "x".repeat(5000), false, { problem: "malformed answer: a line that is too long" }],
  ])("greeted with %s", async (_name, text, ends, expected) => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest(
      () => undefined,
      (connection) => {
        connection.write(text);
        if (ends) connection.end();
      },
    );
    expect(await dial(lab, server.port, true, "problem" in expected ? 0.3 : 10)).toEqual(expected);
    await eventually("it is closed", () => server.open() === 0);
  });
});
