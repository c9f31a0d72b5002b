import { connect } from "node:http2";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

/** Shows what it read of the body. */
const READER = `import type { Create } from "autoscale-lua";

export const create: Create<object> = () => ({
  access(context) {
    context.remember("body", context.requestBody(100) ?? "none");
    return undefined;
  },
  header_filter(context) {
    context.setResponseHeader("X-Body", context.recall("body") as string);
  },
});
`;

describeWithEngine("requestBody over HTTP/2", () => {
  test("is read when its length is known; a stream is not, and goes to the upstream", async () => {
    const backend = await startBackend();
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        listen: [{ address: "127.0.0.1", port: await freePort(), http2: true }],
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "all", path: "/", upstream: "one", plugins: { reader: {} } }],
      },
      { files: customPlugin("reader", ["access", "header_filter"], READER), workers: 1 },
    );
    const session = connect(gateway.url);
    onTestFinished(() => {
      session.close();
    });
    const post = async (body: string, headers: Record<string, string>): Promise<string | undefined> => {
      const stream = session.request({ ":method": "POST", ":path": "/", ...headers }, { endStream: false });
      const answered = new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
      stream.end(body);
      const shown = await answered;
      await text(stream);
      return shown["x-body"] as string | undefined;
    };
    expect(await post("with a length", { "content-length": "13" })).toBe("with a length");
    expect(await post("without a length", {})).toBe("none");
    expect(backend.arrived.map(({ body }) => body)).toEqual(["with a length", "without a length"]);
    expect(await gateway.errorLog()).not.toContain("failed in access");
  });
});
