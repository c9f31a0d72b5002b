import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, expect, test, vi } from "vitest";

const { choosePorts } = (await import(new URL("./ports.mjs", import.meta.url).href)) as {
  choosePorts(wished: Record<string, number>): Promise<Record<string, number>>;
};

let taken: Server | undefined;
afterEach(() => taken?.close());

test("a port that is taken is replaced by a free one, and that is said", async () => {
  const server = createServer();
  taken = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const chosen = await choosePorts({ gateway: port, admin: port });
  const said = printed.mock.calls.map(([text]) => String(text)).join("");
  printed.mockRestore();

  expect(new Set([port, chosen["gateway"], chosen["admin"]]).size).toBe(3);
  expect(said).toContain(`Port ${String(port)} (gateway) is taken: using ${String(chosen["gateway"])}\n`);
});
