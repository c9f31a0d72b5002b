import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, describe, onTestFinished } from "vitest";

/** Where Debian, Ubuntu and others put it; `CHROMIUM` names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executable = [process.env["CHROMIUM"] ?? "", ...PLACES].find((path) => path !== "" && existsSync(path));

/** `describe` where there is a Chromium; elsewhere its tests are skipped, and the name says why. */
export const describeWithBrowser = (name: string, body: () => void): void => {
  if (executable === undefined) describe.skip(`${name} (no Chromium here: none of ${PLACES.join(", ")})`, body);
  else describe(name, body);
};

/** A page of a real browser, and what it complained of. */
export interface Tab {
  readonly page: Page;
  /** Errors of the console, which is where violations of the content security policy go too, and of scripts. */
  readonly complaints: string[];
}

/** Opens tabs in one browser for a test file; each tab is a session of its own and closes with its test. */
export function useBrowser(): (options?: BrowserContextOptions) => Promise<Tab> {
  let started: Promise<Browser> | undefined;
  afterAll(async () => (await started)?.close());
  return async (options = {}) => {
    started ??= launch();
    const context = await (await started).newContext({ locale: "en-US", reducedMotion: "reduce", ...options });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    return { page, complaints };
  };
}

function launch(): Promise<Browser> {
  if (executable === undefined) throw new Error("no Chromium");
  // Without a sandbox: tests may run as root, and open nothing but our own page.
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"];
  return chromium.launch({ executablePath: executable, args, timeout: 60_000 });
}
