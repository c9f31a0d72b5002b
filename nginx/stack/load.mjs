// Load for the gateway of the local stack. Node alone, no package.
//   node nginx/stack/load.mjs --url http://127.0.0.1:8080 --rps 50 --shape spike --seconds 60
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";
import { createReport } from "./load-report.mjs";
import { loadAt, requestAt, SHAPE_NAMES } from "./load-shapes.mjs";

const LINE_SECONDS = 5;
const TIMEOUT_SECONDS = 30;
/** Beyond this a gateway that stands still would make the generator the one that runs out of memory. */
const MAX_IN_FLIGHT = 2000;

const options = readOptions();
const agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });
const report = createReport();
const begun = performance.now();
let inFlight = 0;
let index = 0;
let errorsDue = 0;
let stopping = false;

/** Each request at its own time, whether or not those before it are answered: slowness must not lessen the load. */
function tick(state) {
  const now = (performance.now() - begun) / 1000;
  const until = Math.min(now, options.seconds);
  const { rps, errorRate } = loadAt(options.shape, options, now);
  state.due += (until - state.last) * rps;
  state.last = until;
  // The small term makes 50 x 0.02 one, whatever binary fractions say.
  for (; state.due >= 1 - 1e-9; state.due -= 1) sendNext(errorRate);
  if (now >= options.seconds) stopping = true;
}

function sendNext(errorRate) {
  if (inFlight >= MAX_IN_FLIGHT) return report.skipped();
  errorsDue += errorRate;
  const fails = errorsDue >= 1 - 1e-9;
  if (fails) errorsDue -= 1;
  report.sent();
  send(requestAt(index, fails));
  index += 1;
}

function send({ method, path, body }) {
  const started = performance.now();
  inFlight += 1;
  let over = false;
  const done = (status) => {
    if (over) return;
    over = true;
    inFlight -= 1;
    report.answered(status, (performance.now() - started) / 1000);
  };
  const headers = { traceparent: traceParent() };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    headers["Content-Length"] = Buffer.byteLength(body);
  }
  const sent = request(new URL(path, options.url), { method, headers, agent, timeout: TIMEOUT_SECONDS * 1000 });
  sent.once("timeout", () => sent.destroy());
  sent.once("error", () => done(0));
  sent.once("response", (response) => {
    response.once("end", () => done(response.statusCode));
    response.once("close", () => done(0));
    response.resume();
  });
  sent.end(body);
}

/** A trace of its own for each request (W3C Trace Context), which metrics then name as an example. */
function traceParent() {
  const ids = randomBytes(24).toString("hex");
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: "http://127.0.0.1:8080" },
      rps: { type: "string", default: "50" },
      shape: { type: "string", default: "steady" },
      "error-rate": { type: "string", default: "0.01" },
      seconds: { type: "string", default: "0" },
    },
  });
  if (!SHAPE_NAMES.includes(values.shape)) throw new Error(`--shape: allowed: ${SHAPE_NAMES.join(", ")}`);
  const seconds = number("seconds", values.seconds, 86_400);
  return {
    url: values.url,
    shape: values.shape,
    rps: number("rps", values.rps, 10_000),
    errorRate: number("error-rate", values["error-rate"], 1),
    seconds: seconds === 0 ? Infinity : seconds,
  };
}

function number(name, text, max) {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= max) return value;
  throw new Error(`--${name}: found ${JSON.stringify(text)}, allowed: 0 to ${max}`);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => (stopping = true));
console.log(
  `${options.rps} requests a second to ${options.url}, ${options.shape}, ${options.errorRate * 100} % errors`,
);

const state = { due: 0, last: 0 };
let lineAt = begun;
const timer = setInterval(() => {
  if (!stopping) tick(state);
  const sinceLine = (performance.now() - lineAt) / 1000;
  if (sinceLine >= LINE_SECONDS) {
    console.log(report.line(sinceLine));
    lineAt = performance.now();
  }
  if (!stopping || inFlight > 0) return;
  clearInterval(timer);
  agent.destroy();
  console.log(JSON.stringify(report.total));
}, 10);
