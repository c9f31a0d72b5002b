import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { rawServerForTest, type RawServer } from "../harness/raw-server.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const END = "0\r\n\r\n";

/** Streams until a line says "stop"; gives the answer, and the lines. */
const stream = ({ run }: WorkerLab, { port }: RawServer, change: object = {}) => {
  const request = {
    method: "GET",
    scheme: "http",
    host: "127.0.0.1",
    port,
    path: "/watch",
    headers: {},
    connectSeconds: 10,
    readSeconds: 10,
    maxBytes: 1000,
    ...change,
  };
  return run(`
    kept.lines = {}
    local answer = worker.http.stream(${luaLiteral(request)}, function(line)
      table.insert(kept.lines, line)
      return line ~= "stop"
    end)
    return { status = answer.status, problem = answer.problem, body = answer.body, lines = table.concat(kept.lines, "|") }`);
};

/** Writes the pieces one after the other, each when the one before is out. */
function writeAll(connection: Socket, pieces: readonly string[]): void {
  const [piece, ...others] = pieces;
  if (piece !== undefined) connection.write(piece, () => setTimeout(() => writeAll(connection, others), 5));
}

describeWithEngine("streams of a worker", () => {
  test("give line by line what comes, wherever chunks and packets end", async () => {
    const lab = await startWorkerLab();
    const long = "x".repeat(900);
    const body = `${chunk('{"a":1}\n{"b"')}${chunk(":2}\n")}${chunk(`${long}\r\nlast`)}${END}`;
    const server = await rawServerForTest((connection) =>
      writeAll(connection, (HEAD + body).match(/[^]{1,37}/g) ?? []),
    );
    const expected = { status: 200, body: "", lines: `{"a":1}|{"b":2}|${long}|last` };
    expect(await stream(lab, server)).toEqual(expected);
    // It ended where it should: the connection serves for the next.
    expect(await stream(lab, server)).toEqual(expected);
    expect(server.made()).toBe(1);
  });

  test("give each line at once, however long the next one takes, and end when they are asked to", async () => {
    const lab = await startWorkerLab();
    let goOn: () => void = () => undefined;
    const server = await rawServerForTest((connection) => {
      connection.write(HEAD + chunk("one\n"));
      goOn = () => connection.write(chunk("stop\nnever told\n"));
    });
    const over = stream(lab, server);
    await eventually("the first line was told", async () => (await lab.run("return #(kept.lines or {})")) === 1);
    expect(server.open()).toBe(1);
    goOn();
    expect(await over).toEqual({ status: 200, body: "", lines: "one|stop" });
    await eventually("the connection is closed", () => server.open() === 0);
  });

  test.each<[string, string, object]>([
    ["closed in the middle", HEAD + chunk("one\ntw"), { problem: "closed", lines: "one" }],
    [
      "with a line that is too long",
      HEAD + chunk(`one\n${"x".repeat(2000)}`),
      { problem: "a line of more than 1000 bytes", lines: "one" },
    ],
    [
      "with chunks that are none",
      `${HEAD}${chunk("one\n")}what\n`,
      { problem: "malformed answer: a chunk without a size", lines: "one" },
    ],
    ["whose length is known", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\none\ntwo", { lines: "one|two" }],
    ["that ends with its connection", "HTTP/1.1 200 OK\r\n\r\none\ntwo", { lines: "one|two" }],
  ])("%s", async (_name, text, expected) => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) => connection.end(text));
    expect(await stream(lab, server)).toEqual({ status: 200, body: "", ...expected });
    await eventually("the connection is closed", () => server.open() === 0);
  });

  test("that say nothing for too long are a problem", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) => connection.write(HEAD + chunk("one\n")));
    expect(await stream(lab, server, { readSeconds: 0.3 })).toMatchObject({ problem: "timeout", lines: "one" });
    await eventually("the connection is closed", () => server.open() === 0);
  });

  test("that are refused have a body instead of lines", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) =>
      connection.write("HTTP/1.1 410 Gone\r\nContent-Length: 12\r\n\r\ntoo\nold\nnow\n"),
    );
    expect(await stream(lab, server)).toEqual({ status: 410, body: "too\nold\nnow\n", lines: "" });
  });

  test("end when a line cannot be taken: the error is the caller's", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) => connection.write(HEAD + chunk("one\n")));
    const request = `{ method = "GET", scheme = "http", host = "127.0.0.1", port = ${String(server.port)}, path = "/", headers = {},
      connectSeconds = 10, readSeconds = 10, maxBytes = 100 }`;
    await expect(
      lab.run(`return worker.http.stream(${request}, function() error("no such line") end)`),
    ).rejects.toThrow(/no such line/);
    await eventually("the connection is closed", () => server.open() === 0);
  });

  test("may wait in the middle of a line's handling", async () => {
    const lab = await startWorkerLab();
    const server = await rawServerForTest((connection) => connection.write(HEAD + chunk("one\ntwo\n") + END));
    const request = `{ method = "GET", scheme = "http", host = "127.0.0.1", port = ${String(server.port)}, path = "/", headers = {},
      connectSeconds = 10, readSeconds = 10, maxBytes = 100 }`;
    const told = await lab.run(`
      local told = {}
      worker.http.stream(${request}, function(line) worker.tasks.sleep(0.05) table.insert(told, line) return true end)
      return told`);
    expect(told).toEqual(["one", "two"]);
  });
});
