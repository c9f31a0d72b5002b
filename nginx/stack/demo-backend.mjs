// A backend to put behind the gateway, that fails when it is told to. Node alone, no package.
//   node nginx/stack/demo-backend.mjs --name users --port 9001 --delay-seconds 0.02 --error-rate 0.1
// With --consul http://consul:8500 it is an instance of the service --service there, until it is told to end.
import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { keepRegistered } from "./consul-registration.mjs";
import { createBehavior } from "./demo-behavior.mjs";
import { answerChat, CHAT_PATH } from "./demo-chat.mjs";
import { acceptWebSocket } from "./websocket-echo.mjs";

const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Serves until it is closed. Every path answers with JSON that echoes the request. `?status=500` and `?delay=0.2`
 * (seconds) hold for one request; `POST /__knobs {"status":500,"delay_seconds":1,"error_rate":0.5}` for all that
 * follow, until changed; `GET /__knobs` tells them. `POST /v1/chat/completions` speaks OpenAI's format, unless it is
 * told to fail. `/ws` is a WebSocket that echoes.
 *
 * @param {{ name?: string, port?: number, host?: string, knobs?: object }} [options] port 0 (the default) takes a free
 *   one; `knobs` are those it starts with
 * @returns {Promise<{ port: number, url: string, requests(): number, close(): Promise<void> }>}
 */
export async function startDemoBackend({ name = "demo", port = 0, host = "127.0.0.1", knobs = {} } = {}) {
  const state = { behavior: createBehavior(knobs), requests: 0 };
  const server = createServer((request, response) => {
    answer(name, state, request, response).catch((error) => sendJson(response, 400, { error: error.message }));
  });
  const upgraded = new Set();
  server.on("upgrade", (request, socket) => {
    // The server no longer knows of a connection that it has handed over.
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    if (new URL(request.url, "http://backend").pathname === "/ws") acceptWebSocket(request, socket);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const taken = server.address().port;
  return {
    port: taken,
    url: `http://${host}:${taken}`,
    requests: () => state.requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

async function answer(name, state, request, response) {
  const url = new URL(request.url, "http://backend");
  const body = await readBody(request);
  if (url.pathname === "/__knobs") {
    if (request.method === "POST") state.behavior = createBehavior(JSON.parse(body));
    sendJson(response, 200, { backend: name, requests: state.requests, ...state.behavior.knobs });
    return;
  }
  state.requests += 1;
  const { status, delaySeconds } = state.behavior.next(url.searchParams);
  const count = state.requests;
  const { method, headers } = request;
  if (delaySeconds > 0) await new Promise((resolve) => setTimeout(resolve, delaySeconds * 1000));
  if (url.pathname === CHAT_PATH && method === "POST" && status === 200) {
    await answerChat(body, response);
    return;
  }
  sendJson(response, status, {
    backend: name,
    requests: count,
    method,
    path: url.pathname,
    query: url.search,
    headers,
    body,
  });
}

async function readBody(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > BODY_LIMIT_BYTES) throw new Error(`the body has more than ${BODY_LIMIT_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Under the address at which other machines, or containers, reach this one. */
function registered({ consul, service, name }, port) {
  const addresses = Object.values(networkInterfaces()).flat();
  const address = addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
  const healthUrl = `http://${address}:${port}/__knobs`;
  return keepRegistered({ agent: consul, service, id: `${service}-${name}`, address, port, healthUrl });
}

function sendJson(response, status, value) {
  const text = `${JSON.stringify(value)}\n`;
  const mayHaveBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": mayHaveBody ? Buffer.byteLength(text) : 0,
  });
  response.end(mayHaveBody ? text : undefined);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      name: { type: "string", default: "demo" },
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      "delay-seconds": { type: "string", default: "0" },
      "error-rate": { type: "string", default: "0" },
      consul: { type: "string" },
      service: { type: "string", default: "demo" },
    },
  });
  const backend = await startDemoBackend({
    name: values.name,
    port: Number(values.port),
    host: values.host,
    knobs: { delay_seconds: Number(values["delay-seconds"]), error_rate: Number(values["error-rate"]) },
  });
  console.log(`${values.name} listens on ${backend.url}`);
  const registration = values.consul === undefined ? undefined : registered(values, backend.port);
  const end = async () => {
    await registration?.end();
    await backend.close();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
}
