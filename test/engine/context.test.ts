import { expect, onTestFinished, test } from "vitest";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

/** Asks everything of the context that plugins/_kit/context.ts offers, and shows the answers. */
const MIRROR = `import type { Context, Create } from "autoscale-lua";

function shown(value: string | undefined): string {
  return value === undefined ? "(none)" : "<" + value + ">";
}

function asked(context: Context): string {
  return context.method() + " " + context.path() + " token=" + shown(context.header("X-Token")) + " other=" +
    shown(context.header("x-other")) + " q=" + shown(context.query("q")) + " bare=" + shown(context.query("bare")) +
    " none=" + shown(context.query("none")) + " session=" + shown(context.cookie("session")) + " lost=" +
    shown(context.cookie("lost")) + " client=" + context.clientAddress();
}

const TEAPOT = { kind: "reject", status: 418, headers: { "X-Pot": "tea" }, body: "short and stout" } as const;

export const create: Create<object> = (_config, host) => ({
  rewrite(context) {
    context.setRequestHeader("X-Asked", asked(context));
    context.setRequestHeader("X-Token", undefined);
    context.setRequestHeader("X-Id", context.requestId());
    context.remember("rewrite", "seen " + context.path());
    return undefined;
  },
  access(context) {
    context.remember("access", context.query("teapot") !== undefined);
    return context.query("teapot") !== undefined ? TEAPOT : undefined;
  },
  header_filter(context) {
    context.setResponseHeader("X-Remembered", shown(context.recall("rewrite") as string | undefined));
    context.setResponseHeader("X-Never", shown(context.recall("never") as string | undefined));
    context.setResponseHeader("X-Status", string.format("%d", context.status()));
    context.setResponseHeader("X-Was", shown(context.responseHeader("X-Backend")));
    context.setResponseHeader("X-Backend", undefined);
    context.setResponseHeader("Content-Length", undefined);
  },
  body_filter(_context, chunk, last) {
    return last ? chunk + "(end)" : undefined;
  },
  log(context) {
    let tries = "";
    for (const tried of context.upstreamTries()) {
      tries += string.format("[%s %d %s]", tried.peer, tried.status, tried.seconds >= 0 ? "timed" : "untimed");
    }
    const seconds = context.upstreamSeconds();
    const age = host.clock.now() - context.startSeconds();
    host.log.notice("mirror " + context.path() + " proxied=" + tostring(context.proxied()) + " failed=" +
      tostring(context.upstreamFailed()) + " seconds=" + (seconds === undefined ? "none" : "some") + " tries=" + tries +
      " age=" + tostring(age >= 0 && age < 60) + " teapot=" + tostring(context.recall("access")) + " end");
  },
});
`;

async function mirror(...backends: readonly Backend[]): Promise<Gateway> {
  for (const backend of backends) onTestFinished(() => backend.stop());
  const dead = `127.0.0.1:${String(await freePort())}`;
  return gatewayForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: {
        one: { targets: backends.map(({ target }) => target), retries: { attempts: 1, on: ["connect", 503] } },
        dead: { targets: [dead], retries: { attempts: 0 } },
      },
      routes: [
        { name: "mirror", path: "/", upstream: "one", plugins: { mirror: {} } },
        { name: "dead", path: "/dead", upstream: "dead", plugins: { mirror: {} } },
      ],
    },
    { files: customPlugin("mirror", ["rewrite", "access", "header_filter", "body_filter", "log"], MIRROR), workers: 1 },
  );
}

const logged = (gateway: Gateway, path: string): Promise<string> =>
  eventually("the log phase", async () => {
    const line = (await gateway.errorLog()).split("\n").find((one) => one.includes(`mirror ${path} `));
    return line === undefined ? undefined : (/mirror (.*) end/.exec(line)?.[1] ?? "");
  });

describeWithEngine("what a plugin sees and does", () => {
  test("the request, as it came", async () => {
    const backend = await startBackend();
    const gateway = await mirror(backend);
    const headers = { "X-Token": "t=1", cookie: "a=b; session=s1; c=d" };
    await send(`${gateway.url}/a%20b//c?q=one%20two&q=three&bare`, { method: "PUT", headers });
    const [arrived] = backend.arrived;
    expect(arrived?.headers["x-asked"]).toBe(
      "PUT /a b/c token=<t=1> other=(none) q=<one two> bare=<> none=(none) session=<s1> lost=(none) client=127.0.0.1",
    );
    expect(arrived?.headers["x-token"]).toBeUndefined();
    expect(arrived?.headers["x-id"]).toBe(arrived?.headers["x-request-id"]);
  });

  test("the answer, which it may change; what it remembered is there in later phases", async () => {
    const backend = await startBackend({ respond: answering(201, { "X-Backend": "b", "Content-Length": "11" }) });
    const gateway = await mirror(backend);
    const answer = await send(`${gateway.url}/thing`);
    expect(answer.status).toBe(201);
    expect(answer.body).toBe("status 201\n(end)");
    expect(answer.headers).toMatchObject({
      "x-remembered": "<seen /thing>",
      "x-never": "(none)",
      "x-status": "201",
      "x-was": "<b>",
    });
    expect(answer.headers["x-backend"]).toBeUndefined();
    expect(await logged(gateway, "/thing")).toBe(
      `/thing proxied=true failed=false seconds=some tries=[${backend.target} 201 timed] age=true teapot=false`,
    );
  });

  test("a request that it answers itself asks no upstream; later phases still run", async () => {
    const backend = await startBackend();
    const gateway = await mirror(backend);
    const answer = await send(`${gateway.url}/pot?teapot`);
    expect([answer.status, answer.headers["x-pot"], answer.headers["x-status"]]).toEqual([418, "tea", "418"]);
    expect(answer.body).toBe("short and stout(end)");
    expect(backend.arrived).toHaveLength(0);
    expect(await logged(gateway, "/pot")).toBe(
      "/pot proxied=false failed=false seconds=none tries= age=true teapot=true",
    );
  });

  test("what one request remembers, no other recalls", async () => {
    const backend = await startBackend();
    const gateway = await mirror(backend);
    const paths = Array.from({ length: 50 }, (_, index) => `/p${String(index)}`);
    const answers = await Promise.all(paths.map((path) => send(gateway.url + path)));
    expect(answers.map(({ headers }) => headers["x-remembered"])).toEqual(paths.map((path) => `<seen ${path}>`));
  });

  test("each try at a peer, and that none answered", async () => {
    const [bad, good] = [await startBackend({ respond: answering(503) }), await startBackend()];
    const gateway = await mirror(bad, good);
    expect((await send(`${gateway.url}/twice`)).status).toBe(200);
    expect(await logged(gateway, "/twice")).toContain(`tries=[${bad.target} 503 timed][${good.target} 200 timed]`);
    expect((await send(`${gateway.url}/dead`)).status).toBe(502);
    expect(await logged(gateway, "/dead")).toMatch(
      /^\/dead proxied=true failed=true seconds=some tries=\[127\.0\.0\.1:\d+ 0 timed\]/,
    );
  });
});
