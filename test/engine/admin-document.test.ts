import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { gatewayListings } from "../architecture/listings.ts";
import { read } from "../architecture/repository.ts";
import { startBackend } from "../harness/backend.ts";
import { freePort } from "../harness/free-port.ts";
import { ADMIN_TOKEN, gatewayForTest } from "../harness/gateway.ts";
import { sendMany } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const DOCUMENT = read("docs/admin.md");
const run = promisify(execFile);

/** The commands of the document: each block is one, its lines joined where they end in a backslash. */
const blocks = [...DOCUMENT.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text);

describeWithEngine("docs/admin.md", () => {
  test("every command works on the gateway of its first listing", async () => {
    const [users, others] = [await startBackend(), await startBackend()];
    const [listing] = gatewayListings(DOCUMENT);
    const text = (listing?.text ?? "")
      .replaceAll("127.0.0.1:9001", users.target)
      .replaceAll("127.0.0.1:9002", others.target);
    const port = await freePort();
    const config = parse(text.replaceAll("9180", String(port))) as Record<string, unknown>;
    const gateway = await gatewayForTest(config, { env: { ADMIN_TOKEN } });
    await sendMany(20, `${gateway.url}/users`);
    expect(blocks.length).toBeGreaterThanOrEqual(5);
    for (const block of blocks) {
      const script = block
        .replaceAll("127.0.0.1:9180", `127.0.0.1:${String(port)}`)
        .replaceAll("127.0.0.1:9001", users.target)
        .replaceAll("127.0.0.1:9002", others.target)
        // A refusal of the server is the command's failure.
        .replaceAll("curl -sS", "curl -sS --fail-with-body -w '\\n'");
      const { stdout } = await run("bash", ["-eu", "-c", script], { env: { ...process.env, ADMIN_TOKEN } });
      expect(stdout).not.toContain('"ok":false');
      expect(stdout.trim()).not.toBe("");
    }
    await Promise.all([users.stop(), others.stop()]);
  });
});
