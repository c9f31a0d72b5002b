/** The page with a fake of the admin server, for what a real gateway cannot be brought to at will. */
import { expect, test } from "vitest";
import { describeWithBrowser, useBrowser, type Tab } from "../harness/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { FAKE_TOKEN, gatewayFake } from "../harness/gateway-fake.ts";
import { CLOSED, DECISIONS, FULL, NOW, OPEN } from "../harness/status-sample.ts";

const open = useBrowser();
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

/** How far the page is wider than its window, in pixels. */
const overflow = ({ page }: Tab): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

/** What a reader of the screen says of the element that has the focus. */
const focused = ({ page }: Tab): Promise<string> =>
  page.evaluate<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent");

const row = ({ page }: Tab, table: string, name: string) =>
  page.locator(`#${table} tbody tr`).filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${name}`) }) });

describeWithBrowser("status page, with a fake gateway", () => {
  test("shows every part that the gateway gives", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await row(tab, "routes", "checkout").waitFor();
    expect(await row(tab, "routes", "checkout").innerText()).toMatch(
      /POST \/api\/v1\/checkout\s+payments\s+38.2\/s\s+9.4\s%/,
    );
    expect(await row(tab, "breakers", "route:checkout").innerText()).toMatch(/open\s+too many failures\s+83\s%/);
    expect(await row(tab, "limits", "search").innerText()).toMatch(/gateway CPU above 80 %\s+0.64/);
    expect(await row(tab, "concurrency", "route:checkout").innerText()).toMatch(/11 of 24\s+46\s%/);
    expect(await row(tab, "decisions", "peer:search/10.0.1.3:8080").innerText()).toMatch(
      /healthy → unhealthy\s+3 probes in a row failed/,
    );
    expect(await tab.page.locator("#verdict").innerText()).toContain(
      "1 breaker open, 1 upstream in panic, 1 peer down, 1 peer unhealthy, 1 peer ejected, 1 source failing",
    );
    expect(await tab.page.locator("#upstreams").innerText()).toContain("wants 3 replicas: 212.4 rps");
    const drawn = await tab.page.evaluate<string[]>(
      "[...document.querySelectorAll('#routes path.line')].map((path) => path.getAttribute('d'))",
    );
    expect(drawn).toHaveLength(9);
    for (const path of drawn) expect(path.split("L").length).toBe(60);
    expect(tab.complaints).toEqual([]);
  });

  test("shows where peers come from, how they are picked, and what each does", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await row(tab, "upstreams", "10.0.1.1:8080").waitFor();
    const card = tab.page.locator(`article:has(h3:text-is("search"))`);
    const text = (await card.locator("header").innerText()).replaceAll("\u00a0", " ");
    expect(text).toMatch(/peak-ewma · 4 of 5 peers take requests\s+panic/);
    expect(text).toMatch(
      /consul search at 127\.0\.0\.1:8500\s+failing\s+4 peers of before are kept, since [\d:]+: it cannot be reached/,
    );
    expect(text).toMatch(/dns search\.example\.com address\s+ok\s+1 peer/);
    const peer = async (name: string) => (await row(tab, "upstreams", name).innerText()).replaceAll("\u00a0", " ");
    expect(await peer("10.0.1.1:8080")).toMatch(/zone eu-1a\s+11 ms · 3 in flight\s+up/);
    expect(await peer("10.0.1.3:8080")).toMatch(/unhealthy\s+3 probes in a row failed.*\s+used all the same/);
    expect(await peer("10.0.1.4:8080")).toMatch(
      /zone eu-1b, weight 2, priority 1\s+212 ms · 1 in flight\s+ejected\s+5 failed requests in a row\s+until [\d:]+ \(41 s\), ejected 2 times of late/,
    );
    const order = (await card.locator("tbody th").allInnerTexts()).map((name) => name.split("\n")[0]);
    expect(order).toEqual(["3", "4", "5", "2", "1"].map((last) => `10.0.1.${last}:8080`));
    const calm = tab.page.locator(`article:has(h3:text-is("users"))`);
    expect(await calm.locator("header").innerText()).toMatch(/round-robin · 2 of 2 peers take requests$/);
    expect(tab.complaints).toEqual([]);
  });

  test("of thousands of peers it shows those in trouble and a few more, and finds the others", async () => {
    const peers = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [
        `10.${String(index >> 8)}.${String(index & 255)}.1:80`,
        index === 4321 ? { state: "ejected", why: "5 failed requests in a row" } : { state: "up" },
      ]),
    );
    const large = { picked_by: "lua", peers, peers_available: 4999, peers_total: 5000, policy: "peak-ewma" };
    const fake = await gatewayFake({ ...FULL, upstreams: { large } }, []);
    const tab = await open(DESKTOP);
    const { page } = tab;
    await page.goto(fake.url);
    const rows = page.locator("#upstreams tbody tr");
    await rows.first().waitFor();
    expect([await rows.count(), await rows.first().innerText()]).toEqual([
      20,
      expect.stringContaining("10.16.225.1:80"),
    ]);
    await page.getByText("And 4,980 more peers.").waitFor();

    await page.getByLabel("Find peers").fill("10.3.7.");
    await page.getByRole("button", { name: "Drain 10.3.7.1:80" }).waitFor();
    expect(await rows.count()).toBe(1);
    const asked = fake.looks;
    await eventually("it looks again", () => fake.looks > asked + 1);
    expect([await rows.count(), await page.getByLabel("Find peers").inputValue()]).toEqual([1, "10.3.7."]);
    await page.getByLabel("Find peers").fill("nowhere");
    await page.getByText("None of 5,000 peers").waitFor();
    await page.getByLabel("Find peers").fill("");
    await page.getByText("And 4,980 more peers.").waitFor();
    expect(tab.complaints).toEqual([]);
  });

  test("a peer whose state changes comes to another place, and keeps the focus", async () => {
    const status = (state: string) => ({
      upstreams: { u: { picked_by: "lua", peers: { "10.0.0.1:80": { state: "up" }, "10.0.0.2:80": { state } } } },
    });
    const fake = await gatewayFake(status("up"), []);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await tab.page.getByRole("button", { name: "Drain 10.0.0.2:80" }).focus();
    fake.status = status("ejected");
    await tab.page.locator("#upstreams tbody tr").first().getByText("10.0.0.2:80").waitFor();
    expect(await focused(tab)).toBe("Drain 10.0.0.2:80");
  });

  test("says what to do where there is nothing to show, and breaks at nothing that is missing", async () => {
    const fake = await gatewayFake({});
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await tab.page.getByText("The gateway says nothing of its routes").waitFor();
    expect(await tab.page.getByText("plugins: { circuit-breaker: {} }").isVisible()).toBe(true);
    for (const id of ["limits", "concurrency", "plugins", "decisions"]) {
      expect(await tab.page.locator(`#${id}`).isVisible(), id).toBe(false);
    }
    fake.status = { routes: { a: { path: "/a", plugins: [] }, b: {} }, breakers: { x: {} }, upstreams: { u: {} } };
    await tab.page.getByText("No route has endpoint-metrics").waitFor();
    expect(await row(tab, "breakers", "x").innerText()).toMatch(/unknown/);
    // Not to ask again what an older gateway does not know is all that is complained of.
    expect(tab.complaints).toHaveLength(1);
    expect(tab.complaints[0]).toContain("404");
  });

  test("names and reasons from outside stay text", async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const status = {
      ...FULL,
      routes: { [hostile]: { path: hostile, upstream: hostile } },
      breakers: { [hostile]: { ...OPEN, reason: hostile } },
      upstreams: { [hostile]: { picked_by: "lua", peers: { [hostile]: { state: hostile, why: hostile } } } },
    };
    const inputs = { [hostile]: hostile };
    const fake = await gatewayFake(status, [{ subject: hostile, from: hostile, to: hostile, reason: hostile, inputs }]);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await tab.page.getByText(hostile).first().waitFor();
    expect(await tab.page.locator("img, main script").count()).toBe(0);
    expect(await tab.page.title()).toBe("Autoscale Lua");
    expect(await overflow(tab)).toBe(0);
    expect(tab.complaints).toEqual([]);
  });

  test("updates in place: an open detail, the focus and the rows' elements stay", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await tab.page.getByText("Inputs").first().click();
    const button = tab.page.getByRole("button", { name: "Drain 10.0.1.1:8080" });
    await button.focus();
    await tab.page.evaluate("document.querySelector('#routes tbody tr').id = 'marked'");
    const places = "[...document.querySelectorAll('section')].map((section) => section.offsetTop)";
    const before = await tab.page.evaluate<number[]>(places);
    const [newest] = DECISIONS;
    fake.decisions = [{ ...newest, time: NOW + 1, subject: "route:new" }, ...DECISIONS];
    fake.status = { ...FULL, time: NOW + 2, breakers: { ...FULL.breakers, "route:checkout": { ...OPEN, calls: 31 } } };
    await row(tab, "decisions", "route:new").waitFor();
    expect(await row(tab, "breakers", "route:checkout").innerText()).toContain("of 31 calls");
    expect(await tab.page.locator("#marked").count()).toBe(1);
    expect(await focused(tab)).toBe("Drain 10.0.1.1:8080");
    expect(await row(tab, "decisions", "route:checkout").locator("details").getAttribute("open")).toBe("");
    expect(await tab.page.evaluate(places)).toEqual(before);
  });

  test("a change of state is said aloud, once", async () => {
    const fake = await gatewayFake({ ...FULL, breakers: { "route:users": CLOSED } }, DECISIONS);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await row(tab, "breakers", "route:users").waitFor();
    expect(await tab.page.locator("#spoken").textContent()).toBe("");
    fake.status = { ...FULL, breakers: { "route:users": OPEN } };
    await eventually("it is said", async () => {
      return (await tab.page.locator("#spoken").textContent()) === "Breaker route:users is open: too many failures.";
    });
  });

  test("a change asks for confirmation and token; a wrong token is told and the right one kept in memory alone", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open(DESKTOP);
    const { page } = tab;
    await page.goto(fake.url);
    await page.getByRole("button", { name: "Force closed: route:checkout" }).click();
    const dialog = page.getByRole("dialog", { name: "Force closed: route:checkout" });
    await dialog.getByLabel("Admin token").fill("wrong");
    await dialog.getByRole("button", { name: "Force closed" }).click();
    await dialog.getByText("send the admin token as Authorization: Bearer (E_ADMIN_TOKEN)").waitFor();
    expect(fake.puts).toEqual([]);
    expect(await page.locator(":focus").getAttribute("name")).toBe("token");

    await dialog.getByLabel("Admin token").fill(FAKE_TOKEN);
    await dialog.getByLabel("For").selectOption("900");
    await dialog.getByLabel("Reason").fill("load test");
    await dialog.getByRole("button", { name: "Force closed" }).click();
    await dialog.waitFor({ state: "hidden" });
    const body = { state: "closed", ttl_seconds: 900, reason: "load test" };
    expect(fake.puts).toEqual([{ path: "/breakers/route:checkout", token: FAKE_TOKEN, body }]);

    await page.getByRole("button", { name: "Put back 10.0.1.2:8080" }).click();
    expect(await page.getByRole("dialog").getByLabel("For").isVisible()).toBe(false);
    await page.getByRole("dialog").getByRole("button", { name: "Put back" }).click();
    await eventually("it is put back", () => fake.puts.length === 2);
    expect(fake.puts[1]).toMatchObject({ path: "/upstreams/search/peers/10.0.1.2:8080", body: { state: "up" } });
    expect(await page.evaluate("[localStorage.length, sessionStorage.length]")).toEqual([0, 0]);
  });

  test("the token outlives a reload of the page only when that is asked for", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const { page } = await open(DESKTOP);
    await page.goto(fake.url);
    const drain = async (): Promise<void> => page.getByRole("button", { name: "Drain 10.0.1.1:8080" }).click();
    await drain();
    await page.getByLabel("Admin token").fill(FAKE_TOKEN);
    await page.getByLabel("Remember the token").check();
    await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.reload();
    await drain();
    expect(await page.getByLabel("Admin token").inputValue()).toBe(FAKE_TOKEN);
    await page.getByLabel("Remember the token").uncheck();
    await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(fake.puts).toHaveLength(2);
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("of a gateway without a token nothing can be changed, and the page says why", async () => {
    const fake = await gatewayFake({ ...FULL, writable: false }, DECISIONS);
    const { page } = await open(DESKTOP);
    await page.goto(fake.url);
    const button = page.getByRole("button", { name: "Drain 10.0.1.1:8080" });
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);
    expect(await button.getAttribute("title")).toContain("set admin.token");
  });

  test("works with the keyboard alone: the dialog holds the focus, Escape leaves it, the focus returns", async () => {
    const fake = await gatewayFake({ ...FULL, routes: {} }, DECISIONS);
    const tab = await open(DESKTOP);
    const { page } = tab;
    await page.goto(fake.url);
    await row(tab, "breakers", "route:checkout").waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(tab)).toBe("Skip to the figures");
    await page.keyboard.press("Enter");
    const passed: string[] = [];
    for (let press = 0; press < 3; press++) {
      await page.keyboard.press("Tab");
      passed.push(await focused(tab));
    }
    expect(passed).toEqual(
      ["Back to automatic", "Force open", "Force closed"].map((title) => `${title}: route:checkout`),
    );
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (let press = 0; press < 9; press++) {
      await page.keyboard.press("Tab");
      const place = await page.evaluate(
        "document.activeElement.closest('dialog') !== null || document.activeElement === document.body",
      );
      expect(place).toBe(true);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await focused(tab)).toBe("Force closed: route:checkout");

    await page.keyboard.press("Space");
    await page.keyboard.type(FAKE_TOKEN);
    await page.keyboard.press("Enter");
    await eventually("the change arrived", () => fake.puts.length === 1);
  });

  test.each([320, 390, 700, 1000, 1001, 1200, 1201])("%i pixels are wide enough", async (width) => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open({ ...PHONE, viewport: { width, height: 800 } });
    await tab.page.goto(fake.url);
    await row(tab, "breakers", "route:checkout").waitFor();
    expect(await overflow(tab)).toBe(0);
    // No word is broken into a column of letters, and nothing is cut off at the right.
    const cells = await tab.page.evaluate<{ width: number; right: number; cut: boolean }[]>(CELLS);
    expect(cells.filter((cell) => cell.width < 60 || cell.right > width || cell.cut)).toEqual([]);
  });

  test("light and dark follow the reader, both with contrast", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    for (const colorScheme of ["light", "dark"] as const) {
      const tab = await open({ ...DESKTOP, colorScheme });
      await tab.page.goto(fake.url);
      await row(tab, "breakers", "route:checkout").waitFor();
      const lightness = await tab.page.evaluate<number[]>(`
        ["color", "backgroundColor"].map((name) => Number(getComputedStyle(document.body)[name].match(/\\d+/)[0]))`);
      expect((lightness[0] ?? 0) < (lightness[1] ?? 0)).toBe(colorScheme === "light");
      expect(await tab.page.evaluate(CONTRASTS)).toEqual([]);
    }
  });

  test("a gateway that is away: a banner, fewer tries, and the page goes on when it is back", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open(DESKTOP);
    const { page } = tab;
    await page.goto(fake.url);
    await row(tab, "breakers", "route:checkout").waitFor();
    const before = await page.locator("#routes").boundingBox();
    await fake.stop();
    await page.getByText("Connection lost.").waitFor();
    expect(await page.locator("#live").textContent()).toBe("Not connected");
    expect(await page.locator("#lost").innerText()).toMatch(/These figures are of \d\d:\d\d:\d\d\. Retrying/);
    expect(await page.locator("#routes").boundingBox()).toEqual(before);
    await fake.start();
    await page.getByRole("button", { name: "Retry now" }).click();
    await page.getByText("Connection lost.").waitFor({ state: "hidden" });
    expect(await page.locator("#live").textContent()).toMatch(/^Live/);
  });

  test("a page that nobody sees does not ask", async () => {
    const fake = await gatewayFake(FULL, DECISIONS);
    const tab = await open(DESKTOP);
    await tab.page.goto(fake.url);
    await eventually("it asks again by itself", () => fake.looks >= 2);
    const hide = (hidden: boolean): Promise<unknown> =>
      tab.page.evaluate(`
        Object.defineProperty(document, "hidden", { configurable: true, value: ${String(hidden)} });
        document.dispatchEvent(new Event("visibilitychange"));`);
    await hide(true);
    await tab.page.waitForTimeout(300);
    const asked = fake.looks;
    await tab.page.waitForTimeout(3000);
    expect(fake.looks).toBe(asked);
    await hide(false);
    await eventually("it asks at once", () => fake.looks > asked, 1.5);
  });
});

/** The cells of all tables that are shown. */
const CELLS = `[...document.querySelectorAll("tbody td, tbody th")].filter((cell) => cell.checkVisibility()).map((cell) => {
  const { width, right } = cell.getBoundingClientRect();
  return { width, right, cut: cell.scrollWidth > cell.clientWidth + 1 };
})`;

/** Texts whose contrast with what is behind them is less than WCAG's 4.5. */
const CONTRASTS = `(() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { c: [r, g, b], a }; };
  const over = (top, under) => top.c.map((v, i) => v * top.a + under[i] * (1 - top.a));
  const behind = (element) => {
    const layers = [];
    for (let e = element; e !== null; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor));
    return layers.reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const light = (c) => c.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!own || !element.checkVisibility() || element.closest("svg")) continue;
    const ground = behind(element);
    const text = light(over(parse(getComputedStyle(element).color), ground));
    const under = light(ground);
    const ratio = (Math.max(text, under) + 0.05) / (Math.min(text, under) + 0.05);
    if (ratio < 4.5) found.push(element.textContent.trim() + ": " + ratio.toFixed(2));
  }
  return found;
})()`;
