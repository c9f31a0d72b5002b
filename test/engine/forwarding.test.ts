import { expect, test } from "vitest";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const simple = (backend: Backend) => ({
  upstreams: { one: { targets: [backend.target] } },
  routes: [{ name: "all", path: "/", upstream: "one" }],
});

describeWithEngine("what an upstream is told of the client", () => {
  const lies = {
    "x-forwarded-for": "6.6.6.6",
    "x-forwarded-proto": "https",
    "x-real-ip": "6.6.6.6",
    "x-request-id": "chosen-by-client",
    host: "shop.example.com",
  };

  test("nobody is trusted: what a client says of itself is dropped", async () => {
    const backend = await startBackend();
    const gateway = await gatewayForTest(simple(backend));
    await send(gateway.url, { headers: lies });
    await send(gateway.url);
    const [first, second] = backend.arrived.map(({ headers }) => headers);
    expect(first).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-host": "shop.example.com",
      host: "shop.example.com",
    });
    expect(first?.["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.["x-request-id"]).not.toBe(first?.["x-request-id"]);
    await backend.stop();
  });

  test("a trusted proxy names the client: the chain is kept and the proxy added", async () => {
    const backend = await startBackend();
    const gateway = await gatewayForTest({ ...simple(backend), trusted_proxies: ["127.0.0.0/8", "10.0.0.0/8"] });
    await send(gateway.url, { headers: { ...lies, "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.1.2.3" } });
    await send(gateway.url, { headers: { "x-forwarded-proto": "gopher" } });
    const [first, second] = backend.arrived.map(({ headers }) => headers);
    expect(first).toMatchObject({
      "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.1.2.3, 127.0.0.1",
      "x-forwarded-proto": "https",
      // The last one that is not a proxy of ours: what stands before it, the client may have made up.
      "x-real-ip": "203.0.113.9",
    });
    expect(second).toMatchObject({ "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http" });
    await backend.stop();
  });

  test("someone else than a trusted proxy is not believed", async () => {
    const backend = await startBackend();
    const gateway = await gatewayForTest({ ...simple(backend), trusted_proxies: ["10.0.0.0/8"] });
    await send(gateway.url, { headers: lies });
    expect(backend.arrived[0]?.headers).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-real-ip": "127.0.0.1",
    });
    await backend.stop();
  });
});

describeWithEngine("limits", () => {
  test("a body that is too large is 413 and reaches no upstream; a route may allow more", async () => {
    const backend = await startBackend();
    const { upstreams } = simple(backend);
    const gateway = await gatewayForTest({
      upstreams,
      max_body: "1k",
      routes: [
        { name: "small", path: "/small", upstream: "one" },
        { name: "large", path: "/large", upstream: "one", max_body: "2k" },
        { name: "any", path: "/any", upstream: "one", max_body: 0 },
      ],
    });
    const post = async (path: string, bytes: number): Promise<number> => {
      return (await send(`${gateway.url}${path}`, { method: "POST", body: "x".repeat(bytes) })).status;
    };
    expect([await post("/small", 1024), await post("/small", 1025)]).toEqual([200, 413]);
    expect([await post("/large", 2048), await post("/large", 2049)]).toEqual([200, 413]);
    expect(await post("/any", 1_500_000)).toBe(200);
    expect(backend.arrived.map(({ body }) => body.length)).toEqual([1024, 2048, 1_500_000]);
    await backend.stop();
  });

  test("an upstream that does not answer in time is 504", async () => {
    const backend = await startBackend({ respond: () => undefined });
    const gateway = await gatewayForTest({
      upstreams: { one: { targets: [backend.target], timeouts: { read: 60 }, retries: { attempts: 0 } } },
      routes: [{ name: "all", path: "/", upstream: "one", timeouts: { read: 0.2 } }],
    });
    expect((await send(gateway.url)).status).toBe(504);
    await backend.stop();
  });
});

interface LogLine {
  readonly time: string;
  readonly request_id: string;
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
  readonly route: string;
  readonly upstream: { readonly address: string; readonly status: string };
  readonly user_agent: string;
}

describeWithEngine("access log", () => {
  test("each line is JSON with the route and the request id that the upstream saw", async () => {
    const backend = await startBackend({ respond: answering(201) });
    const gateway = await gatewayForTest({
      upstreams: { one: { targets: [backend.target] } },
      routes: [{ name: "things", path: "/things", upstream: "one" }],
    });
    await send(`${gateway.url}/things/1?secret=1`, { headers: { "user-agent": 'a "quoted" \\ \t agent' } });
    await send(`${gateway.url}/nowhere`);
    const lines = await eventually("two lines", async () => {
      const read = await gateway.accessLog();
      return read.length === 2 && read.map((line) => JSON.parse(line) as LogLine);
    });
    expect(lines[0]).toMatchObject({
      client: "127.0.0.1",
      method: "GET",
      path: "/things/1",
      status: 201,
      route: "things",
      request_id: backend.arrived[0]?.headers["x-request-id"],
      upstream: { address: backend.target, status: "201" },
      user_agent: 'a "quoted" \\ \t agent',
    });
    expect(new Date(lines[0]?.time ?? "").getTime()).toBeGreaterThan(0);
    expect(lines[1]).toMatchObject({ status: 404, route: "" });
    await backend.stop();
  });

  test("combined is the format that log analyzers know; off writes nothing", async () => {
    const backend = await startBackend();
    const combined = await gatewayForTest({ ...simple(backend), access_log: { format: "combined" } });
    await send(`${combined.url}/a`);
    const [line] = await eventually("a line", async () => {
      const read = await combined.accessLog();
      return read.length > 0 && read;
    });
    expect(line).toMatch(/^127\.0\.0\.1 - - \[[^\]]+\] "GET \/a HTTP\/1\.1" 200 \d+ "-" "-"$/);

    const off = await gatewayForTest({ ...simple(backend), access_log: { format: "off" } });
    await send(`${off.url}/a`);
    await off.reload();
    expect(await off.accessLog()).toEqual([]);
    await backend.stop();
  });
});
