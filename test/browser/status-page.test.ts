/** The page as a real gateway serves it, in a real browser. */
import { expect, onTestFinished, test } from "vitest";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { describeWithBrowser, useBrowser, type Tab } from "../harness/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { ADMIN_TOKEN, gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const open = useBrowser();
const DESKTOP = { viewport: { width: 1280, height: 800 } };

interface Rig {
  readonly gateway: Gateway;
  /** Two peers of `users`, picked in Lua. */
  readonly peers: readonly Backend[];
  /** The peer of `fragile`, behind a breaker that trips at the fourth failure. */
  readonly fragile: Backend;
}

async function rig(): Promise<Rig> {
  const backends = await Promise.all([startBackend(), startBackend(), startBackend()]);
  onTestFinished(async () => {
    await Promise.all(backends.map((backend) => backend.stop()));
  });
  const [first, second, fragile] = backends;
  const breaker = { minimum_calls: 4, open: { seconds: 60, jitter: 0 }, adapt: { pressure: false } };
  const gateway = await gatewayForTest(
    {
      upstreams: {
        users: {
          targets: [first.target, second.target],
          balance: { policy: "round-robin" },
          health: { passive: { consecutive_errors: 4, eject_seconds: 60 } },
        },
        fragile: { targets: [fragile.target], retries: { attempts: 0 } },
      },
      routes: [
        { name: "users", path: "/users", upstream: "users" },
        { name: "fragile", path: "/fragile", upstream: "fragile", plugins: { "circuit-breaker": breaker } },
      ],
      plugins: { "endpoint-metrics": {} },
    },
    { workers: 1 },
  );
  return { gateway, peers: [first, second], fragile };
}

const row = ({ page }: Tab, table: string, name: string) =>
  page.locator(`${table} tbody tr`).filter({ has: page.getByRole("rowheader", { name }) });

/** Opens the page, and expects the headers that guard it. */
async function opened({ gateway }: Rig): Promise<Tab> {
  const tab = await open(DESKTOP);
  const answer = await tab.page.goto(`${gateway.adminUrl}/`);
  const headers = answer?.headers() ?? {};
  expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "x-content-type-options": "nosniff" });
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none'; script-src 'sha256-.*frame-ancestors 'none'$/,
  );
  await row(tab, "#routes", "users").waitFor();
  return tab;
}

async function confirm({ page }: Tab, token = ADMIN_TOKEN): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Admin token").fill(token);
  await dialog.locator("[type=submit]").click();
}

describeWithBrowser("status page", () => {
  describeWithEngine("of a real gateway", () => {
    test("shows requests as they come, without a reload and without a complaint", async () => {
      const all = await rig();
      const tab = await opened(all);
      expect(await tab.page.locator("#verdict").innerText()).toBe("All well");
      await eventually("the figures of a route are there", async () => {
        await Promise.all(Array.from({ length: 10 }, () => send(`${all.gateway.url}/users`)));
        return /[1-9][\d.]*\/s/.test(await row(tab, "#routes", "users").innerText());
      });
      await eventually("its latencies are there", async () => {
        return /\d (?:ms|µs)/.test((await row(tab, "#routes", "users").innerText()).replaceAll("\u00a0", " "));
      });
      expect(await tab.page.locator('[data-at="total-rps"]').innerText()).toMatch(/[1-9]/);
      expect(tab.complaints).toEqual([]);
    });

    test("shows a tripped breaker, and forces it closed after confirmation", async () => {
      const all = await rig();
      const tab = await opened(all);
      all.fragile.respond = answering(500);
      for (let index = 0; index < 6; index++) await send(`${all.gateway.url}/fragile`);
      await tab.page.getByText("1 breaker open").waitFor();
      const breaker = row(tab, "#breakers", "route:fragile");
      expect(await breaker.innerText()).toMatch(/open\s+too many failures\s+–\s+trips at 50\s%/);
      await row(tab, "#decisions", "route:fragile").getByText("closed → open").waitFor();
      await row(tab, "#decisions", "route:fragile").getByText("Inputs").click();
      expect(await row(tab, "#decisions", "route:fragile").innerText()).toMatch(/failures\s+4/);

      await breaker.getByRole("button", { name: "Force closed" }).click();
      await confirm(tab, "wrong");
      await tab.page.getByRole("dialog").getByText("E_ADMIN_TOKEN").waitFor();
      expect((await send(`${all.gateway.url}/fragile`)).status).toBe(503);
      await confirm(tab);
      await breaker.getByText("forced closed").waitFor();
      expect((await send(`${all.gateway.url}/fragile`)).status).toBe(500);
      // Chromium reports an answer of 401; nothing else is complained of.
      expect(tab.complaints.filter((text) => !text.includes("401"))).toEqual([]);
    });

    test("drains a peer by a click, and puts it back by another", async () => {
      const all = await rig();
      const tab = await opened(all);
      const [first, second] = all.peers as [Backend, Backend];
      const card = `article:has(h3:text-is("users"))`;
      const peer = row(tab, card, first.target);
      await peer.getByRole("button", { name: "Drain" }).click();
      await tab.page.getByLabel("Reason").fill("new disk");
      await confirm(tab);
      await peer.getByText("draining").waitFor();
      expect(await peer.innerText()).toMatch(/new disk\s+until \d\d:\d\d:\d\d \(5\smin\)/);
      await tab.page.getByText("1 peer draining").waitFor();
      const before = [first.arrived.length, second.arrived.length];
      for (let index = 0; index < 10; index++) expect((await send(`${all.gateway.url}/users`)).status).toBe(200);
      expect([first.arrived.length, second.arrived.length]).toEqual([before[0], (before[1] ?? 0) + 10]);

      await peer.getByRole("button", { name: "Put back" }).click();
      await tab.page.getByRole("dialog").locator("[type=submit]").click();
      await peer.getByText("up", { exact: true }).waitFor();
      for (let index = 0; index < 10; index++) await send(`${all.gateway.url}/users`);
      expect(first.arrived.length).toBeGreaterThan(before[0] ?? 0);
      expect(tab.complaints).toEqual([]);
    });

    test("shows a peer that fails as ejected, with the time that is left, and the decision", async () => {
      const all = await rig();
      const tab = await opened(all);
      const [first] = all.peers as [Backend];
      const card = `article:has(h3:text-is("users"))`;
      await tab.page.locator(card).getByText("round-robin · 2 of 2 peers take requests").waitFor();
      first.respond = answering(500);
      const peer = row(tab, card, first.target);
      await eventually("it is ejected", async () => {
        await send(`${all.gateway.url}/users`);
        return /ejected/.test(await peer.innerText());
      });
      expect(await peer.innerText()).toMatch(/ejected\s+\S.*\s+until \d\d:\d\d:\d\d \((?:1\smin|\d+\ss)\)/);
      await tab.page.locator(card).getByText("round-robin · 1 of 2 peers take requests").waitFor();
      await tab.page.getByText("1 peer ejected").waitFor();
      await row(tab, "#decisions", `peer:users/${first.target}`).getByText("healthy → ejected").waitFor();
      expect(tab.complaints).toEqual([]);
    });

    test("says why the peers of an upstream that nginx balances cannot be drained", async () => {
      const tab = await opened(await rig());
      const card = tab.page.locator(`article:has(h3:text-is("fragile"))`);
      await card.getByText("balance: { policy: round-robin }").waitFor();
      expect(await card.getByRole("button").count()).toBe(0);
    });

    test("survives that the gateway goes away and comes back", async () => {
      const all = await rig();
      const tab = await opened(all);
      const { port } = new URL(all.gateway.adminUrl);
      await all.gateway.stop();
      await tab.page.getByText("Connection lost.").waitFor();
      const again = await gatewayForTest(
        {
          admin: { address: "127.0.0.1", port: Number(port), token: ADMIN_TOKEN },
          upstreams: { other: { targets: ["127.0.0.1:9"] } },
          routes: [{ name: "another", path: "/", upstream: "other" }],
        },
        { workers: 1 },
      );
      expect(again.adminUrl).toBe(all.gateway.adminUrl);
      await row(tab, "#routes", "another").waitFor({ timeout: 40_000 });
      expect(await tab.page.getByText("Connection lost.").isVisible()).toBe(false);
      expect(await row(tab, "#routes", "users").count()).toBe(0);
    });

    test("is read by GET and HEAD alone", async () => {
      const { gateway } = await rig();
      expect((await send(`${gateway.adminUrl}/`, { method: "HEAD" })).status).toBe(200);
      expect((await send(`${gateway.adminUrl}/`, { method: "POST", body: "{}" })).status).toBe(405);
    });
  });
});
