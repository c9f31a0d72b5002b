/** A fake of the admin server: the page as nginx serves it, and whatever answers a test scripts. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { Decision, Status } from "../../templates/openresty/status-page/model/status.ts";
import { publishedPage } from "../../templates/openresty/status-page/published-page.ts";

/** A change that arrived. */
export interface Put {
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
}

export interface FakeGateway {
  readonly url: string;
  status: Status;
  /** Undefined: the request is not known, as in an older gateway. */
  decisions: readonly Decision[] | undefined;
  readonly puts: Put[];
  /** How often `/status` was asked. */
  looks: number;
  stop(): Promise<void>;
  /** Listens again where it did. */
  start(): Promise<void>;
}

export const FAKE_TOKEN = "let-me-in";

/** Starts a fake that is stopped when the test ends. */
export async function gatewayFake(status: Status, decisions?: readonly Decision[]): Promise<FakeGateway> {
  const { html, contentSecurityPolicy } = publishedPage();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\?.*/, "");
    const json = (code: number, value: unknown): void => {
      response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    const put = async (): Promise<void> => {
      const token = (request.headers.authorization ?? "").replace("Bearer ", "");
      if (token !== FAKE_TOKEN) {
        json(401, { error: "E_ADMIN_TOKEN", message: "send the admin token as Authorization: Bearer" });
        return;
      }
      fake.puts.push({ path: decodeURIComponent(path), token, body: JSON.parse(await text(request)) });
      json(200, {});
    };
    if (request.method === "PUT") {
      void put();
    } else if (path === "/") {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": contentSecurityPolicy,
      });
      response.end(html);
    } else if (path === "/status") {
      fake.looks += 1;
      json(200, fake.status);
    } else if (path === "/decisions" && fake.decisions !== undefined) {
      json(200, { decisions: fake.decisions, kept: 200 });
    } else {
      json(404, { error: "E_ADMIN_PATH", message: "no such thing" });
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const fake: FakeGateway = {
    url: `http://127.0.0.1:${String(port)}`,
    status,
    decisions,
    puts: [],
    looks: 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start: () => listen(port),
  };
  onTestFinished(() => fake.stop());
  return fake;
}
