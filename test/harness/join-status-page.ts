import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../architecture/repository.ts";

const { joinStatusPage } = (await import(new URL("../../cli/bootstrap/lib/status-page.mjs", import.meta.url).href)) as {
  joinStatusPage(): Promise<string>;
};

/** Before the tests: joins the status page from the sources as they are now, for targets that run from the sources. */
export default async function setup(): Promise<void> {
  const folder = join(root, ".cache", "status-page");
  await mkdir(folder, { recursive: true });
  const staged = join(folder, `status.${String(process.pid)}.html`);
  await writeFile(staged, await joinStatusPage());
  await rename(staged, join(folder, "status.html"));
}
