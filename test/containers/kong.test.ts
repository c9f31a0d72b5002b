/** The Kong target's bundle in the official image, with the settings of kong.env. */
import { GenericContainer, Wait } from "testcontainers";
import { expect, onTestFinished, test } from "vitest";
import { prepare } from "../../cli/build/pipeline.ts";
import { kongImage } from "../../cli/engine/images.ts";
import { TOUCHY } from "../harness/breaker-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import { describeWithImage } from "../harness/pulled-image.ts";
import { freshStockLua } from "../harness/stock-lua.ts";
import { temporaryFiles } from "../harness/temporary-files.ts";

/** Nobody listens there: every try fails at once. */
const GATEWAY = {
  listen: [{ port: 8000 }],
  upstreams: { nobody: { targets: ["127.0.0.1:9"], retries: { attempts: 0 } } },
  routes: [{ name: "guarded", path: "/", upstream: "nobody", plugins: { "circuit-breaker": TOUCHY } }],
};

async function bundleFiles(): Promise<ReadonlyMap<string, string>> {
  const folder = temporaryFiles({ "gateway.yaml": JSON.stringify(GATEWAY) });
  const luaFolder = freshStockLua("kong");
  const file = `${folder}/gateway.yaml`;
  const { bundles } = await prepare({ file, cwd: folder, env: {}, targets: ["kong"], luaFolder });
  return bundles[0]?.files ?? new Map<string, string>();
}

function settings(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

const image = kongImage(process.env);

await describeWithImage("the official Kong image", image, () => {
  test("the breaker of the bundle trips, and the status API shows it", async () => {
    const files = await bundleFiles();
    const container = await new GenericContainer(image)
      .withEnvironment({ ...settings(files.get("kong.env") ?? ""), KONG_STATUS_LISTEN: "0.0.0.0:8100" })
      .withCopyContentToContainer([...files].map(([path, content]) => ({ content, target: `/opt/autoscale/${path}` })))
      .withExposedPorts(8000, 8100)
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
    onTestFinished(() => container.stop().then(() => undefined));
    const url = (port: number): string => `http://${container.getHost()}:${String(container.getMappedPort(port))}`;
    const turned = await eventually("the breaker trips", async () => {
      const answer = await send(`${url(8000)}/`);
      return answer.headers["retry-after"] !== undefined && answer;
    });
    expect(turned.status).toBe(503);
    const shown = await send(`${url(8100)}/autoscale/status`);
    expect(JSON.parse(shown.body)).toMatchObject({ breakers: { "route:guarded": { state: "open" } } });
  });
});
