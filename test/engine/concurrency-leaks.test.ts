import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { CRITICAL, guardedGateway, never, unanswered } from "../harness/concurrency-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers } from "../harness/pinned-workers.ts";
import { startLoad } from "../harness/steady-load.ts";

/** After a worker died all others have counted anew within so long. */
const SETTLED_MS = 2500;

describeWithEngine("adaptive-concurrency: nothing under way is counted twice, and nothing for ever", () => {
  test("a worker that is killed takes its requests along; those of the others stay counted", async () => {
    const { gateway, backend, inFlight, expectPlaces } = await guardedGateway(12);
    const workers = await pinWorkers(gateway, "/free", 3);
    backend.respond = never;
    const asked = workers.flatMap((one) => [1, 2, 3].map(() => unanswered(one.send("/", CRITICAL))));
    await eventually("all are under way", async () => (await inFlight()) === 12);
    expect((await send(gateway.url, CRITICAL)).status).toBe(503);
    process.kill(workers[0]?.pid ?? 0, "SIGKILL");
    await eventually("three are gone", async () => (await inFlight()) === 9, 10);
    process.kill(workers[1]?.pid ?? 0, "SIGKILL");
    process.kill(workers[2]?.pid ?? 0, "SIGKILL");
    await eventually("six more are gone", async () => (await inFlight()) === 3, 10);
    process.kill(workers[3]?.pid ?? 0, "SIGKILL");
    await eventually("all are gone", async () => (await inFlight()) === 0, 10);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["left"]));
    await eventually("there are four workers", async () => (await gateway.workerPids()).length === 4);
    await sleep(SETTLED_MS);
    await expectPlaces(12);
  });

  test("clients that leave, upstreams that break off and internal redirects give every place back", async () => {
    const redirected = {
      server: ["proxy_intercept_errors on;", "error_page 418 = /again;"],
    };
    const { backend, url, inFlight, expectPlaces } = await guardedGateway(20, {}, redirected);
    backend.respond = ({ url: path }, response) => {
      if (path === "/breaks") response.destroy();
      else if (path === "/half")
        response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
      else if (path === "/teapot") response.writeHead(418).end();
      else if (path === "/again") response.end();
    };
    const leaving = new AbortController();
    const gone = [1, 2, 3, 4, 5].map(() => unanswered(send(`${url}/hangs`, { ...CRITICAL, signal: leaving.signal })));
    await eventually("five hang", async () => (await inFlight()) === 5);
    for (const path of ["/breaks", "/half", "/teapot"]) {
      await Promise.all([1, 2, 3].map(() => unanswered(send(url + path, CRITICAL))));
    }
    // Through access a second time.
    expect(backend.arrived.filter(({ url: path }) => path === "/again")).toHaveLength(3);
    await eventually("only those that hang are left", async () => (await inFlight()) === 5);
    leaving.abort();
    expect(await Promise.all(gone)).toEqual(["left", "left", "left", "left", "left"]);
    await eventually("all have left", async () => (await inFlight()) === 0);
    await expectPlaces(20);
  });

  test("reloads under load lose no place and find none", async () => {
    const { gateway, backend, inFlight, expectPlaces } = await guardedGateway(16);
    backend.respond = (_arrived, response) => void setTimeout(() => response.end(), 30);
    const load = startLoad({ url: gateway.url, clients: 6, headers: () => CRITICAL.headers });
    for (const requests of [40, 30]) {
      await load.more(requests);
      expect((await gateway.reload()).ok).toBe(true);
    }
    await load.more(20);
    const { statuses: seen } = await load.stop();
    expect(Object.keys(seen)).toEqual(["200"]);
    await eventually("all have left", async () => (await inFlight()) === 0);
    await expectPlaces(16);
  });

  test("an old worker's requests count while it finishes, and no more when it is killed", async () => {
    const { gateway, backend, inFlight, expectPlaces } = await guardedGateway(6);
    backend.respond = never;
    const asked = [1, 2, 3, 4].map(() => unanswered(send(gateway.url, CRITICAL)));
    await eventually("they are under way", async () => (await inFlight()) === 4);
    const old = await gateway.workerPids();
    const reloading = gateway.reload();
    await eventually("there are new workers", async () =>
      (await gateway.workerPids()).some((pid) => !old.includes(pid)),
    );
    await sleep(1500);
    expect(await inFlight()).toBe(4);
    for (const pid of await gateway.workerPids()) if (old.includes(pid)) process.kill(pid, "SIGKILL");
    expect(await Promise.all(asked)).toEqual(["left", "left", "left", "left"]);
    await eventually("they are gone", async () => (await inFlight()) === 0, 10);
    await reloading;
    await sleep(SETTLED_MS);
    await expectPlaces(6);
  });
});
