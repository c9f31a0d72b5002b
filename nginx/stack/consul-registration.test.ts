import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { beforeEach, expect, onTestFinished, test, vi, type MockInstance } from "vitest";
import { eventually } from "../../test/harness/eventually.ts";
import { freePort } from "../../test/harness/free-port.ts";
import { keepRegistered, type ConsulInstance } from "./consul-registration.mjs";

interface StandIn {
  readonly agent: string;
  /** Registered services by id. */
  readonly services: Map<string, Record<string, unknown>>;
}

let told: MockInstance<typeof console.log>;
beforeEach(() => {
  told = vi.spyOn(console, "log").mockReturnValue();
  onTestFinished(() => told.mockRestore());
});

/** A stand-in for Consul's agent: the three calls of its service API that are used, and nothing of its checks. */
async function standIn(port = 0): Promise<StandIn> {
  const services: StandIn["services"] = new Map();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, , , , verb = "", id = ""] = decodeURIComponent(request.url ?? "").split("/");
    if (request.method === "GET") response.statusCode = services.has(verb) ? 200 : 404;
    else if (verb === "register") {
      const service = JSON.parse(await text(request)) as Record<string, unknown>;
      services.set(String(service["ID"]), service);
    } else if (verb === "deregister") services.delete(id);
    else response.statusCode = 405;
    response.end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { agent: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, services };
}

function instance(agent: string): ConsulInstance {
  const healthUrl = "http://10.0.0.1:9000/up";
  const times = { lookSeconds: 0.02, leaveSeconds: 0.01 };
  return { agent, service: "users", id: "users 1", address: "10.0.0.1", port: 9000, healthUrl, ...times };
}

test("registers with a check of its own, again when the agent has forgotten it, and not once more after its end", async () => {
  const { agent, services } = await standIn();
  const registration = keepRegistered(instance(agent));
  await eventually("it is registered", () => services.size === 1);
  expect(services.get("users 1")).toMatchObject({
    Name: "users",
    Address: "10.0.0.1",
    Port: 9000,
    Check: { HTTP: "http://10.0.0.1:9000/up", Status: "passing" },
  });
  services.clear();
  await eventually("it is registered again", () => services.size === 1);
  await registration.end();
  expect(services.size).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(services.size).toBe(0);
});

test("an agent that is not there yet is waited for, with one complaint", async () => {
  const port = await freePort();
  const registration = keepRegistered(instance(`http://127.0.0.1:${String(port)}`));
  await eventually("it complains", () => told.mock.calls.length > 0);
  const { services } = await standIn(port);
  await eventually("it is registered", () => services.size === 1);
  await registration.end();
  expect(told.mock.calls.flat()).toEqual([
    expect.stringContaining("ECONNREFUSED"),
    expect.stringContaining("is registered"),
  ]);
});

test("an end without an agent is an end", async () => {
  await keepRegistered(instance(`http://127.0.0.1:${String(await freePort())}`)).end();
});
