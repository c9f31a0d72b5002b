import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Exchange, play } from "../../../test/harness/discovery-rig.ts";
import type { HttpConfig } from "../config.ts";
import { httpSource } from "./http-source.ts";

const CONFIG: HttpConfig = {
  url: "https://inventory.example/peers?key=hidden",
  headers: { Authorization: "Bearer hidden" },
  interval_seconds: 10,
  timeout_seconds: 5,
  verify: true,
  weight: 1,
  priority: 0,
  allow_empty: false,
};
const ONE = { host: "10.0.0.1", port: 80, weight: 1, priority: 0 };
const GOOD = { body: '["10.0.0.1:80"]' };

const asking = (exchanges: readonly Exchange[], config: Partial<HttpConfig> = {}) =>
  play((ports) => httpSource({ ...CONFIG, ...config }, ports), { exchanges });

describe("an HTTP server", () => {
  it("is asked for JSON with the configured headers", () => {
    const { requests, reports, waits } = asking([GOOD]);
    expect(requests).toEqual([
      {
        method: "GET",
        scheme: "https",
        host: "inventory.example",
        port: 443,
        path: "/peers?key=hidden",
        headers: { Accept: "application/json", Authorization: "Bearer hidden" },
        connectSeconds: 5,
        readSeconds: 5,
        maxBytes: 16 * 1024 * 1024,
        tls: { verify: true, serverName: "inventory.example" },
      },
    ]);
    expect([reports, waits]).toEqual([[{ peers: [ONE] }], [10]]);
  });

  it("without TLS or a path is asked for /", () => {
    const [request] = asking([GOOD], { url: "http://10.0.0.9:8000", headers: { Accept: "text/json" } }).requests;
    expect(request).toMatchObject({ scheme: "http", host: "10.0.0.9", port: 8000, path: "/" });
    expect(request?.headers).toEqual({ Accept: "text/json" });
    expect(request).not.toHaveProperty("tls");
  });

  it("at an IP address is checked without a name", () => {
    const [request] = asking([GOOD], { url: "https://10.0.0.9", verify: false }).requests;
    expect(request?.tls).toEqual({ verify: false });
  });

  it("need not send what has not changed", () => {
    const tagged = { ...GOOD, headers: { etag: '"v1"' } };
    const { requests, reports } = asking([tagged, { status: 304 }, { status: 304 }, GOOD, GOOD]);
    expect(requests.map(({ headers }) => headers["If-None-Match"])).toEqual([
      undefined,
      '"v1"',
      '"v1"',
      '"v1"',
      undefined,
    ]);
    expect(reports).toEqual([1, 2, 3, 4, 5].map(() => ({ peers: [ONE] })));
  });

  it("is asked for all of it after any problem, and after an answer that cannot be used", () => {
    const tagged = { ...GOOD, headers: { etag: '"v1"' } };
    const broken = { body: "[", headers: { etag: '"v2"' } };
    const { requests } = asking([tagged, { status: 500 }, GOOD, broken, GOOD]);
    expect(requests.map(({ headers }) => headers["If-None-Match"])).toEqual([
      undefined,
      '"v1"',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    [{ status: 0, problem: "connection refused" }, "connection refused"],
    [{ status: 0 }, "no answer"],
    [{ status: 200, problem: "timeout", body: "[" }, "timeout"],
    [{ status: 304 }, "it answered with status 304"],
    [{ status: 302 }, "it answered with status 302"],
    [{ status: 500 }, "it answered with status 500"],
    [{ status: 403 }, "it refused access (status 403): check what it is asked with, and what that may read"],
    [{ body: "<html>" }, "its answer is not JSON"],
    [{ body: '"text"' }, "it is not a list of targets"],
  ])("that does %j is a problem", (exchange, problem) => {
    expect(asking([exchange]).reports).toEqual([{ problem }]);
  });

  it("that fails is asked ever less often, and as before once it answers", () => {
    const down = { status: 503 };
    const { waits } = play((ports) => httpSource(CONFIG, ports), {
      exchanges: [down, down, down, down, down, down, GOOD, down],
      random: 0.5,
    });
    expect(waits).toEqual([1.5, 2.5, 4.5, 8.5, 15.5, 15.5, 10.5, 1.5]);
  });

  it("has a name without the query, which may hold a secret", () => {
    expect(httpSource(CONFIG, {} as never).name).toBe("http inventory.example:443/peers");
  });

  it("at what is no URL is reported and left alone", () => {
    const { reports, requests } = asking([GOOD], { url: "http://user:secret@host/" });
    expect(requests).toEqual([]);
    expect(reports).toEqual([
      { problem: "its url is no URL: give http://host:port or https://host:port, without a user" },
    ]);
  });

  it("may answer whatever it likes", () => {
    const exchange = fc.record({
      status: fc.constantFrom(0, 200, 304, 404, 500),
      body: fc.string(),
      headers: fc.dictionary(fc.string(), fc.string()),
    });
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1 }), (exchanges) => {
        expect(asking(exchanges).reports).toHaveLength(exchanges.length);
      }),
    );
  });
});
