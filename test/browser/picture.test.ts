/**
 * The picture of the status page in README.md: a gateway with traffic, a drained peer, a tripped breaker. The test takes it
 * after some seconds and throws it away; with `STATUS_PAGE_IMAGE=docs/images/status-page.png` it runs three minutes, so that
 * the charts have something to show, and keeps it there.
 */
import { writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { adminClient } from "../harness/admin-client.ts";
import { startBackend, type Backend } from "../harness/backend.ts";
import { describeWithBrowser, useBrowser } from "../harness/browser.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const open = useBrowser();
const place = process.env["STATUS_PAGE_IMAGE"];
const calmSeconds = place === undefined ? 6 : 180;
const MAX_BYTES = 200_000;

/** Answers after a time that varies as real ones do: most are quick, a few are not. */
async function backend(meanSeconds: number): Promise<Backend> {
  const started = await startBackend({
    respond: async (_arrived, response) => {
      await sleep(meanSeconds * 1000 * (0.5 - Math.log(1 - Math.random())));
      response.end("ok\n");
    },
  });
  onTestFinished(() => started.stop());
  return started;
}

/** Sends requests at a rate that rises and falls, until the test ends. */
function traffic(url: string, meanPerSecond: number, method = "GET"): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const ended = new AbortController();
  onTestFinished(() => {
    ended.abort();
    agent.destroy();
  });
  void (async () => {
    while (!ended.signal.aborted) {
      const swing = 1 + 0.45 * Math.sin(Date.now() / 9000 + meanPerSecond) + 0.25 * Math.sin(Date.now() / 2300);
      await sleep(1000 / (meanPerSecond * swing));
      // What happens to it is on the picture.
      send(url, { method, agent }).catch(() => undefined);
    }
  })();
}

describeWithBrowser("the picture of the status page", () => {
  describeWithEngine("of a gateway with traffic", () => {
    test("can be made, and is small", { timeout: (calmSeconds + 90) * 1000 }, async () => {
      const [one, two, three, payments] = await Promise.all([
        backend(0.004),
        backend(0.005),
        backend(0.004),
        backend(0.035),
      ]);
      const balance = { policy: "peak-ewma", slow_start_seconds: 10 };
      const health = { passive: {} };
      const gateway = await gatewayForTest(
        {
          upstreams: {
            payments: { targets: [payments.target], retries: { attempts: 0 } },
            users: { targets: [one.target, two.target, three.target], balance, health },
          },
          routes: [
            { name: "checkout", path: "/api/v1/checkout", methods: ["POST"], upstream: "payments" },
            { name: "search", path: "/api/v1/search", upstream: "users" },
            { name: "users", path: "/api/v1/users", upstream: "users" },
          ],
          plugins: { "endpoint-metrics": {}, "circuit-breaker": { open: { seconds: 60 }, adapt: { pressure: false } } },
        },
        { workers: 2 },
      );
      traffic(`${gateway.url}/api/v1/checkout`, 9, "POST");
      traffic(`${gateway.url}/api/v1/search`, 24);
      traffic(`${gateway.url}/api/v1/users`, 55);
      const { page, complaints } = await open({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
      await page.goto(gateway.adminUrl);
      await sleep(calmSeconds * 1000);
      const drain = { state: "drain", reason: "new kernel", ttl_seconds: 900 };
      expect((await adminClient(gateway).put(`/upstreams/users/peers/${two.target}`, drain)).status).toBe(200);
      const calm = payments.respond;
      payments.respond = (arrived, response) => {
        if (Math.random() < 0.2) return calm(arrived, response);
        response.writeHead(502).end();
      };
      await page.getByText("1 breaker open").waitFor({ timeout: 60_000 });
      await page.getByText("new kernel").first().waitFor();
      await page.getByText("closed → open").waitFor();
      const picture = await page.screenshot({ type: "png", fullPage: true });
      expect(picture.byteLength).toBeLessThan(MAX_BYTES);
      expect(complaints).toEqual([]);
      if (place !== undefined) await writeFile(place, picture);
    });
  });
});
