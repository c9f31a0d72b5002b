/** Where nginx does otherwise than its configuration seems to say. */
import { expect, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

interface Backends {
  readonly upstreams: Readonly<Record<string, { targets: string[] }>>;
  stop(): Promise<void>;
}

/** One backend for each name; it answers with its name and what it was asked. */
async function backends(...names: readonly string[]): Promise<Backends> {
  const started = await Promise.all(
    names.map((name) =>
      startBackend({
        respond: ({ method, url, body }, response) => {
          response.end(`${name} ${method} ${url} ${String(body.length)}`);
        },
      }),
    ),
  );
  const target = (backend: Backend | undefined) => ({ targets: [backend?.target ?? ""] });
  return {
    upstreams: Object.fromEntries(names.map((name, index) => [name, target(started[index])])),
    stop: async () => {
      await Promise.all(started.map((backend) => backend.stop()));
    },
  };
}

async function answer(gateway: Gateway, path: string, method = "GET", options: { body?: string; host?: string } = {}) {
  const { body, host } = options;
  const sent = await send(`${gateway.url}${path}`, {
    method,
    headers: host === undefined ? {} : { host },
    ...(body === undefined ? {} : { body }),
  });
  return sent.status === 200 ? sent.body : String(sent.status);
}

describeWithEngine("several routes on one path", () => {
  test("each keeps its own limit of the body, larger or smaller than nginx's own", async () => {
    const { upstreams, stop } = await backends("up", "down", "rest");
    const gateway = await gatewayForTest({
      upstreams,
      routes: [
        { name: "up", path: "/files", methods: ["POST"], upstream: "up", max_body: "3m" },
        { name: "down", path: "/files", methods: ["PUT"], upstream: "down", max_body: 1234 },
        { name: "rest", path: "/files", upstream: "rest", max_body: 0 },
      ],
    });
    const sized = (method: string, length: number): Promise<string> => {
      return answer(gateway, "/files/a", method, { body: "x".repeat(length) });
    };
    expect(await sized("POST", 2_000_000)).toBe("up POST /files/a 2000000");
    expect(await sized("POST", 3 * 1024 * 1024 + 1)).toBe("413");
    expect(await sized("PUT", 1234)).toBe("down PUT /files/a 1234");
    expect(await sized("PUT", 1235)).toBe("413");
    expect(await sized("PUT", 2000)).toBe("413");
    expect(await sized("PUT", 99_999)).toBe("413");
    expect(await sized("PATCH", 4_000_000)).toBe("rest PATCH /files/a 4000000");
    await stop();
  });

  test("the path reaches the upstream as it was written: slashes, spaces, percent signs, the query", async () => {
    const { upstreams, stop } = await backends("reader", "writer");
    const gateway = await gatewayForTest({
      upstreams,
      routes: [
        { name: "reader", path: "/things", methods: ["GET"], upstream: "reader" },
        { name: "writer", path: "/things", methods: ["POST"], upstream: "writer" },
      ],
    });
    const odd = "/things/a%2Fb/c%20d%25/%C3%A9?q=%2F&r=a+b%0A&r";
    expect(await answer(gateway, odd)).toBe(`reader GET ${odd} 0`);
    expect(await answer(gateway, odd, "POST", { body: "1" })).toBe(`writer POST ${odd} 1`);
    await stop();
  });

  test("the route that names the host goes before those that do not, whatever their methods", async () => {
    const { upstreams, stop } = await backends("own", "shared");
    const gateway = await gatewayForTest({
      upstreams,
      routes: [
        { name: "shared", path: "/x", methods: ["GET"], upstream: "shared" },
        { name: "own", hosts: ["api.example.com"], path: "/x", upstream: "own" },
      ],
    });
    expect(await answer(gateway, "/x", "GET", { host: "api.example.com" })).toBe("own GET /x 0");
    expect(await answer(gateway, "/x", "GET", { host: "else.example.com" })).toBe("shared GET /x 0");
    expect(await answer(gateway, "/x", "POST", { host: "else.example.com" })).toBe("405");
    await stop();
  });

  test("names of any length are fine, and names that differ by a sign alone stay apart", async () => {
    const { upstreams, stop } = await backends("a.b", "a-b", "a_b");
    const long = "n".repeat(64);
    const host = `${"h".repeat(60)}.${"h".repeat(60)}.example.com`;
    const gateway = await gatewayForTest({
      upstreams,
      routes: [
        { name: "a.b", path: "/1", methods: ["GET"], upstream: "a.b" },
        { name: "a-b", path: "/2", methods: ["GET"], upstream: "a-b" },
        { name: long, hosts: [host], path: "/3", methods: ["GET"], upstream: "a_b" },
      ],
    });
    expect(await answer(gateway, "/1")).toBe("a.b GET /1 0");
    expect(await answer(gateway, "/2")).toBe("a-b GET /2 0");
    expect(await answer(gateway, "/3", "GET", { host })).toBe("a_b GET /3 0");
    await stop();
  });
});

describeWithEngine("strip_prefix", () => {
  test("cuts the prefix once, whatever characters are in it and in what follows", async () => {
    const { upstreams, stop } = await backends("plain", "chosen");
    const gateway = await gatewayForTest({
      upstreams,
      routes: [
        { name: "plain", path: "/a.b(c)+$1 |x", upstream: "plain", strip_prefix: true },
        { name: "chosen", path: "/v1.0+(x)", methods: ["GET"], upstream: "chosen", strip_prefix: true },
      ],
    });
    const plain = "/a.b(c)+$1%20%7Cx";
    expect(await answer(gateway, `${plain}/c%20d?e=f%2F`)).toBe("plain GET /c%20d?e=f%2F 0");
    expect(await answer(gateway, `${plain}${plain}`)).toBe("plain GET /a.b(c)+$1%20%7Cx 0");
    expect(await answer(gateway, "/a.b(c)+$1%20%7Cxy")).toBe("404");
    expect(await answer(gateway, "/v1.0+(x)/v1.0+(x)/y?z")).toBe("chosen GET /v1.0+(x)/y?z 0");
    expect(await answer(gateway, "/v1.0+(x)/c%20%25%3Fd%0Ae?e")).toBe("chosen GET /c%20%25%3Fd%0Ae?e 0");
    expect(await answer(gateway, "/v1.0+(x)/tail%0A")).toBe("chosen GET /tail%0A 0");
    expect(await answer(gateway, "/v1x0+(x)/y")).toBe("404");
    await stop();
  });

  test("cuts once on the way to another upstream too", async () => {
    const { upstreams, stop } = await backends("rescue");
    const breaker = { minimum_calls: 1, window: { type: "count", calls: 1 }, fallback: { upstream: "rescue" } };
    const gateway = await gatewayForTest(
      {
        // Nobody listens on port 1: the first call fails and the breaker opens.
        upstreams: { ...upstreams, gone: { targets: ["127.0.0.1:1"] } },
        routes: [
          { name: "direct", path: "/v1", upstream: "gone", strip_prefix: true },
          { name: "chosen", path: "/v2", methods: ["GET", "POST"], upstream: "gone", strip_prefix: true },
        ],
        plugins: { "circuit-breaker": breaker },
      },
      { workers: 1 },
    );
    expect([await answer(gateway, "/v1/x"), await answer(gateway, "/v2/x")]).toEqual(["502", "502"]);
    expect(await answer(gateway, "/v1/v1/x%20y?z")).toBe("rescue GET /v1/x%20y?z 0");
    expect(await answer(gateway, "/v2/v2/x%20y?z", "POST", { body: "abc" })).toBe("rescue POST /v2/x%20y?z 3");
    await stop();
  });
});

describeWithEngine("what a client says to get past the gateway", () => {
  test("is not forwarded: an upgrade to cleartext HTTP/2, and headers that only a proxy may set", async () => {
    const backend = await startBackend();
    const gateway = await gatewayForTest({
      upstreams: { one: { targets: [backend.target] } },
      routes: [{ name: "all", path: "/", upstream: "one" }],
    });
    const forged = { forwarded: "for=6.6.6.6", "x-forwarded-port": "1", "x-forwarded-prefix": "/evil" };
    await send(gateway.url, { headers: { ...forged, connection: "Upgrade, HTTP2-Settings", upgrade: "h2c" } });
    expect(backend.arrived).toHaveLength(1);
    const names = Object.keys(backend.arrived[0]?.headers ?? {});
    expect(names.filter((name) => name === "upgrade" || name in forged)).toEqual([]);
    await backend.stop();
  });
});
