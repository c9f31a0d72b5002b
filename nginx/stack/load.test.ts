import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDemoBackend, type DemoBackend } from "./demo-backend.mjs";
import { loadAt, requestAt, SHAPE_NAMES } from "./load-shapes.mjs";

const PROGRAM = join(import.meta.dirname, "load.mjs");
const ORDINARY = { rps: 100, errorRate: 0.1 };

let backend: DemoBackend;
beforeEach(async () => {
  backend = await startDemoBackend();
});
afterEach(() => backend.close());

interface Outcome {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** @param stopAt stop it once it has printed this many lines */
async function load(args: readonly string[], stopAt = Infinity): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, "--url", backend.url, ...args]);
  let seen = 0;
  child.stdout.on("data", (part: Buffer) => {
    const before = seen;
    seen += part.toString().split("\n").length - 1;
    // Once: a second signal ends it at once.
    if (before < stopAt && seen >= stopAt) child.kill("SIGINT");
  });
  const [stdout, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, lines: stdout.trim().split("\n"), errors };
}

const total = ({ lines }: Outcome): unknown => JSON.parse(lines.at(-1) ?? "");

test("sends what it was told in the time it was told, and counts it", async () => {
  const begun = performance.now();
  const outcome = await load(["--rps", "100", "--seconds", "2", "--error-rate", "0.1"]);
  expect(performance.now() - begun).toBeGreaterThan(1900);
  expect(total(outcome)).toEqual({ sent: 200, skipped: 0, statuses: { 200: 180, 500: 20 } });
  expect(backend.requests()).toBe(200);
  expect(outcome.code).toBe(0);
});

test("each request brings a trace of its own", async () => {
  const traces = new Set<string | undefined>();
  const server = createServer((request, response) => {
    traces.add(request.headers["traceparent"] as string | undefined);
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await load(["--url", `http://127.0.0.1:${String(port)}`, "--rps", "10", "--seconds", "1"]);
  server.close();
  expect(traces.size).toBe(10);
  for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test("slow answers do not lessen the load, and the last ones are waited for", async () => {
  await fetch(`${backend.url}/__knobs`, { method: "POST", body: '{"delay_seconds":1}' });
  const outcome = await load(["--rps", "50", "--seconds", "1", "--error-rate", "0"]);
  expect(total(outcome)).toEqual({ sent: 50, skipped: 0, statuses: { 200: 50 } });
});

test("tells how it goes, and goes on until it is stopped", async () => {
  const outcome = await load(["--rps", "20"], 2);
  expect(outcome.lines[1]).toMatch(/^(19|20)\.\d rps, p50 [\d.]+ ms, p99 [\d.]+ ms; sent \d+ \(200: \d+\)$/);
  expect(outcome.code).toBe(0);
});

test("a gateway that is not there is counted as status 0", async () => {
  const outcome = await load(["--url", "http://127.0.0.1:9", "--rps", "10", "--seconds", "1"]);
  expect(total(outcome)).toMatchObject({ statuses: { 0: 10 } });
});

test.each([
  ["--rps", "many"],
  ["--rps", "-1"],
  ["--error-rate", "2"],
  ["--shape", "round"],
  ["--seconds", ""],
])("%s %j is refused", async (option, value) => {
  const outcome = await load([`${option}=${value}`]);
  expect(outcome.code).toBe(1);
  expect(outcome.errors).toContain(`${option}: `);
});

test("shapes come back every minute", () => {
  const at = (shape: string, second: number) => [loadAt(shape, ORDINARY, second), loadAt(shape, ORDINARY, second + 60)];
  const twice = (rps: number, errorRate: number) => Array.from({ length: 2 }, () => ({ rps, errorRate }));
  expect(SHAPE_NAMES).toEqual(["steady", "spike", "errors"]);
  for (const shape of SHAPE_NAMES) expect(at(shape, 29.9)).toEqual(twice(100, 0.1));
  expect(at("steady", 35)).toEqual(twice(100, 0.1));
  expect([at("spike", 30), at("spike", 40)]).toEqual([twice(500, 0.1), twice(100, 0.1)]);
  expect([at("errors", 30), at("errors", 45)]).toEqual([twice(100, 0.7), twice(100, 0.1)]);
  expect(loadAt("errors", { rps: 1, errorRate: 0.9 }, 30).errorRate).toBe(0.9);
});

const first = (path: string) => path.split(/[/?]/)[1];
const times = (paths: readonly string[], path: string): number => paths.filter((one) => first(one) === path).length;

test.each([0, 10, 990, 99_990])("ten requests from %d on: six users, three orders, one chat", (begin) => {
  const paths = Array.from({ length: 10 }, (_, index) => requestAt(begin + index, false).path);
  expect([times(paths, "users"), times(paths, "orders"), times(paths, "v1")]).toEqual([6, 3, 1]);
});

test.each([10, 100])("one request of %d fails: as many of each kind as there are", (every) => {
  const failing = Array.from({ length: 10 }, (_, index) => requestAt((index + 1) * every - 1, true).path);
  expect(failing.every((path) => path.endsWith("?status=500"))).toBe(true);
  expect([times(failing, "users"), times(failing, "orders"), times(failing, "v1")]).toEqual([6, 3, 1]);
});

test("chats take turns: two models, each plain and as a stream", () => {
  const requests = Array.from({ length: 40 }, (_, index) => requestAt(index, false));
  const chats = requests.filter(({ path }) => first(path) === "v1");
  const bodies = chats.map(({ body = "" }) => JSON.parse(body) as Record<string, unknown>);
  expect(bodies.map((body) => [body["model"], body["stream"] ?? false])).toEqual([
    ["small", false],
    ["small", true],
    ["large", false],
    ["large", true],
  ]);
});
