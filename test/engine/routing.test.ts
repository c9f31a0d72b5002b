import { beforeAll, expect, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest, startGateway, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

/** Names the route's upstream and what was asked of it. */
async function naming(name: string): Promise<Backend> {
  return startBackend({
    respond: ({ method, url }, response) => {
      response.end(`${name} ${method} ${url}`);
    },
  });
}

describeWithEngine("routing", () => {
  let gateway: Gateway;
  let other: string;
  beforeAll(async () => {
    const names = ["prefix", "exact", "regex", "root", "host", "wild", "deep", "reader", "writer", "cut", "slash"];
    const backends = await Promise.all(names.map((name) => naming(name)));
    const targets = names.map((name, index) => [name, { targets: [backends[index]?.target] }]);
    const second = await freePort();
    other = `http://127.0.0.1:${String(second)}`;
    gateway = await startGateway({
      listen: [
        { address: "127.0.0.1", port: await freePort() },
        { address: "127.0.0.1", port: second },
      ],
      upstreams: Object.fromEntries(targets),
      routes: [
        { name: "users", path: "/users", upstream: "prefix" },
        { name: "users-exact", path: "= /users/me", upstream: "exact" },
        { name: "numbers", path: "~ ^/users/[0-9]{1,3}$", upstream: "regex" },
        { name: "cut", path: "/api/v1", upstream: "cut", strip_prefix: true },
        { name: "slash", path: "/static/", upstream: "slash" },
        { name: "host", hosts: ["api.example.com"], path: "/hosted", upstream: "host" },
        { name: "wild", hosts: ["*.example.com"], path: "/hosted", upstream: "wild" },
        { name: "deep", hosts: ["*.deep.example.com"], path: "/hosted", upstream: "deep" },
        { name: "reader", path: "/things", methods: ["GET", "HEAD"], upstream: "reader" },
        { name: "writer", path: "/things", methods: ["POST"], upstream: "writer", strip_prefix: true },
        { name: "only-get", path: "/only-get", methods: ["GET"], upstream: "root" },
      ],
    });
    return async () => {
      await gateway.stop();
      await Promise.all(backends.map((backend) => backend.stop()));
    };
  });

  const body = async (path: string, host?: string, method = "GET"): Promise<string> => {
    const answer = await send(`${gateway.url}${path}`, { method, headers: host === undefined ? {} : { host } });
    return answer.status === 200 ? answer.body : String(answer.status);
  };

  test.each([
    ["/users", "prefix GET /users"],
    ["/users/", "prefix GET /users/"],
    ["/users/abc?x=1&y=%2F", "prefix GET /users/abc?x=1&y=%2F"],
    ["/users2", "404"],
    ["/user", "404"],
    ["/Users", "404"],
    ["/users/me", "exact GET /users/me"],
    ["/users/me/", "prefix GET /users/me/"],
    ["/users/42", "regex GET /users/42"],
    ["/users/4242", "prefix GET /users/4242"],
    ["/static/a.css", "slash GET /static/a.css"],
    ["/", "404"],
  ])("%s goes to %s", async (path, expected) => {
    expect(await body(path)).toBe(expected);
  });

  test.each([
    ["/api/v1", "cut GET /"],
    ["/api/v1/", "cut GET /"],
    ["/api/v1/a/b?c=d", "cut GET /a/b?c=d"],
    ["/api/v10", "404"],
  ])("strip_prefix: %s is asked as %s", async (path, expected) => {
    expect(await body(path)).toBe(expected);
  });

  test.each([
    ["api.example.com", "host GET /hosted"],
    ["API.Example.COM", "host GET /hosted"],
    ["api.example.com:8080", "host GET /hosted"],
    ["www.example.com", "wild GET /hosted"],
    ["a.b.example.com", "wild GET /hosted"],
    ["x.deep.example.com", "deep GET /hosted"],
    ["example.com", "404"],
    ["example.org", "404"],
  ])("host %s: %s", async (host, expected) => {
    expect(await body("/hosted", host)).toBe(expected);
  });

  test("a route without hosts answers for every host, also for those that have routes of their own", async () => {
    expect(await body("/users", "api.example.com")).toBe("prefix GET /users");
    expect(await body("/users", "elsewhere.org")).toBe("prefix GET /users");
  });

  test("a prefix that ends with / redirects to itself, without naming a host that the client may not know", async () => {
    const answer = await send(`${gateway.url}/static`);
    expect([answer.status, answer.headers["location"]]).toEqual([301, "/static/"]);
  });

  test("two routes on one path are told apart by method", async () => {
    expect(await body("/things/1")).toBe("reader GET /things/1");
    expect(await body("/things/1", undefined, "POST")).toBe("writer POST /1");
    expect(await body("/things", undefined, "POST")).toBe("writer POST /");
    expect((await send(`${gateway.url}/things`, { method: "HEAD" })).status).toBe(200);
  });

  test("another method gets 405 with all that are allowed", async () => {
    const answer = await send(`${gateway.url}/things/1`, { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("GET, HEAD, POST");
    expect(JSON.parse(answer.body)).toMatchObject({ error: "E_METHOD" });
    const one = await send(`${gateway.url}/only-get`, { method: "PUT" });
    expect([one.status, one.headers["allow"]]).toEqual([405, "GET"]);
  });

  test("what no route takes is 404 in JSON", async () => {
    const answer = await send(`${gateway.url}/nowhere`);
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toContain("application/json");
    expect(JSON.parse(answer.body)).toMatchObject({ error: "E_NO_ROUTE" });
  });

  test("every listen serves every route", async () => {
    expect((await send(`${other}/users`)).body).toBe("prefix GET /users");
    expect((await send(`${other}/nowhere`)).status).toBe(404);
  });
});

describeWithEngine("routing of more", () => {
  test("a gateway with 50 routes and a breaker on each serves all of them", async () => {
    const backend = await naming("one");
    const numbers = Array.from({ length: 50 }, (_, index) => String(index));
    const gateway = await gatewayForTest({
      upstreams: { one: { targets: [backend.target] } },
      routes: numbers.map((number) => ({ name: `r${number}`, path: `/r${number}`, upstream: "one" })),
      plugins: { "circuit-breaker": {} },
    });
    const answers = await Promise.all(numbers.map((number) => send(`${gateway.url}/r${number}/x`)));
    expect(answers.map(({ body }) => body)).toEqual(numbers.map((number) => `one GET /r${number}/x`));
    const { breakers } = (await gateway.status()) as { breakers: object };
    expect(Object.keys(breakers)).toHaveLength(50);
    await backend.stop();
  });

  test("raw nginx lines stand where they say", async () => {
    const backend = await naming("raw");
    const gateway = await gatewayForTest({
      upstreams: { raw: { targets: [backend.target] } },
      routes: [{ name: "all", path: "/", upstream: "raw" }],
      nginx: {
        main: ["worker_rlimit_nofile 4096;"],
        http: ["map $arg_a $of_http { default none; x found; }"],
        server: ["set $of_server yes;", "location = /own { return 200 own; }"],
        location: ["add_header X-Raw $of_http-$of_server always;"],
      },
    });
    const answer = await send(`${gateway.url}/?a=x`);
    expect(answer.headers["x-raw"]).toBe("found-yes");
    expect((await send(`${gateway.url}/own`)).body).toBe("own");
    await backend.stop();
  });
});
