import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Arrived, type Backend, type Respond } from "../harness/backend.ts";
import { backendProcesses, type BackendProcess } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { isWell, untilUnused, untilUsed, upstreamRig, type UpstreamRig } from "../harness/upstream-rig.ts";

/** A list of peers with an entity tag, that a test may replace, and the requests that ask for it. */
interface ListServer {
  readonly server: Backend;
  peers: readonly BackendProcess[];
  /** Answers in place of the list. */
  instead: Respond | undefined;
  asked(): readonly Arrived[];
}

async function listServer(first: readonly BackendProcess[]): Promise<ListServer> {
  const server = await startBackend();
  onTestFinished(() => server.stop());
  const list: ListServer = { server, peers: first, instead: undefined, asked: () => server.arrived };
  server.respond = (arrived, response) => {
    if (list.instead !== undefined) return list.instead(arrived, response);
    const text = JSON.stringify({ targets: list.peers.map(({ target }) => target) });
    const tag = `"${String(text.length)}-${text.slice(-20).replaceAll('"', "")}"`;
    if (arrived.headers["if-none-match"] === tag) response.writeHead(304, { ETag: tag }).end();
    else response.writeHead(200, { ETag: tag, "Content-Type": "application/json" }).end(text);
  };
  return list;
}

function following(
  { server }: ListServer,
  backends: readonly BackendProcess[],
  more: object = {},
): Promise<UpstreamRig> {
  const http = { url: `http://${server.target}/peers?of=one`, interval_seconds: 0.2, timeout_seconds: 0.5, ...more };
  return upstreamRig({ backends, upstream: { discovery: { http } } });
}

describeWithEngine("peers from an HTTP server", () => {
  test("a change is followed; what did not change is not sent again; one worker asks for all", async () => {
    const backends = await backendProcesses(3);
    const [one, two, three] = backends;
    const list = await listServer([one!, two!]);
    const headers = { Authorization: "Bearer let-me-see" };
    const rig = await following(list, backends, { headers });
    await rig.everyWorker("knows them", isWell);
    const load = rig.load();
    await Promise.all([untilUsed(load, one!), untilUsed(load, two!)]);
    list.peers = [two!, three!];
    await untilUsed(load, three!);
    await untilUnused(load, one!);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    const before = list.asked().length;
    await eventually("it was asked some times more", () => list.asked().length >= before + 5);
    expect(list.asked()[0]).toMatchObject({ method: "GET", url: "/peers?of=one" });
    expect(list.asked().every((arrived) => arrived.headers.authorization === "Bearer let-me-see")).toBe(true);
    // All but the first look and the one after the change said what they know.
    const tags = new Set(
      list
        .asked()
        .slice(before)
        .map((arrived) => arrived.headers["if-none-match"]),
    );
    expect(tags.size).toBe(1);
    expect(tags.has(undefined)).toBe(false);
    // The secret is nowhere told.
    expect(JSON.stringify(await rig.shown())).not.toContain("let-me-see");
    expect(await rig.gateway.errorLog()).not.toContain("let-me-see");
  });

  test.each<[string, Respond]>([
    ["500", (_arrived, response) => void response.writeHead(500).end("no")],
    ["garbage", (_arrived, response) => void response.end("<html>")],
    ["a list with a name in it", (_arrived, response) => void response.end('["example.org:80"]')],
    ["nothing", () => undefined],
    ["half an answer", (_arrived, response) => void response.writeHead(200, { "Content-Length": "100" }).write("[")],
    ["a hangup", (_arrived, response) => void response.destroy()],
    ["far too much", (_arrived, response) => void response.end(`["${"x".repeat(8 * 1024 * 1024)}"]`)],
  ])("%s costs no request: the set is kept, the outage told, and a better answer followed", async (_name, respond) => {
    const backends = await backendProcesses(2);
    const [one, two] = backends;
    const list = await listServer([one!]);
    const rig = await following(list, backends);
    await rig.everyWorker("knows it", isWell);
    const load = rig.load();
    list.instead = respond;
    await rig.until("the outage is shown", ({ sources }) => JSON.stringify(sources).includes("problem"));
    load.window();
    await load.more(200);
    expect(load.window().peers).toEqual({ [one!.target]: expect.any(Number) as number });
    list.peers = [two!];
    list.instead = undefined;
    await untilUsed(load, two!);
    await untilUnused(load, one!);
    await rig.until("all is well", ({ sources }) => !JSON.stringify(sources).includes("problem"));
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("several sources: one's outage leaves the others', and its own as they were", async () => {
    const backends = await backendProcesses(3);
    const [here, there, other] = backends;
    const lists = [await listServer([here!]), await listServer([there!])];
    const [near, far] = lists.map(({ server }, index) => ({
      url: `http://${server.target}/peers`,
      interval_seconds: 0.2,
      timeout_seconds: 0.5,
      zone: index === 0 ? "here" : "there",
      weight: index === 0 ? 3 : 1,
    }));
    const discovery = { http: near, also: [{ http: far }] };
    const rig = await upstreamRig({ backends, upstream: { discovery } });
    const { peers } = await rig.until("both are there", ({ peers_total: total }) => total === 2);
    expect(peers).toMatchObject({
      [here!.target]: { zone: "here", weight: 3 },
      [there!.target]: { zone: "there", weight: 1 },
    });
    await rig.everyWorker("knows them", isWell);
    const load = rig.load();
    lists[1]!.instead = (_arrived, response) => void response.destroy();
    await rig.until("the outage is shown", ({ sources }) => JSON.stringify(sources).includes("problem"));
    lists[0]!.peers = [other!];
    await untilUsed(load, other!);
    await untilUnused(load, here!);
    await untilUsed(load, there!);
    // Three of four go to the heavier source.
    load.window();
    await load.more(200);
    const { peers: shares, answered } = load.window();
    expect(Math.abs((shares[other!.target] ?? 0) / answered - 0.75)).toBeLessThan(0.1);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });
});
