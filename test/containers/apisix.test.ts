/** The APISIX target's bundle in the official image, installed as INSTALL.md says. */
import { GenericContainer, Wait } from "testcontainers";
import { expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { prepare } from "../../cli/build/pipeline.ts";
import { apisixImage } from "../../cli/engine/images.ts";
import { TOUCHY } from "../harness/breaker-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import { describeWithImage } from "../harness/pulled-image.ts";
import { freshStockLua } from "../harness/stock-lua.ts";
import { temporaryFiles } from "../harness/temporary-files.ts";

const HOME = "/usr/local/apisix";
const STANDALONE = { deployment: { role: "data_plane", role_data_plane: { config_provider: "yaml" } } };

/** Nobody listens there: every try fails at once. */
const GATEWAY = {
  upstreams: { nobody: { targets: ["127.0.0.1:9"], retries: { attempts: 0 } } },
  routes: [{ name: "guarded", path: "/", upstream: "nobody", plugins: { "circuit-breaker": TOUCHY } }],
};

async function bundleFiles(): Promise<ReadonlyMap<string, string>> {
  const folder = temporaryFiles({ "gateway.yaml": JSON.stringify(GATEWAY) });
  const luaFolder = freshStockLua("apisix");
  const file = `${folder}/gateway.yaml`;
  const { bundles } = await prepare({ file, cwd: folder, env: {}, targets: ["apisix"], luaFolder });
  return bundles[0]?.files ?? new Map<string, string>();
}

const image = apisixImage(process.env);

await describeWithImage("the official APISIX image", image, () => {
  test("the breaker of the bundle trips, and the control API shows it", async () => {
    const files = await bundleFiles();
    const config = { ...STANDALONE, ...(parse(files.get("config.yaml") ?? "") as object) };
    const copied = [...files].map(([path, content]) => ({ content, target: `/usr/local/autoscale/${path}` }));
    const container = await new GenericContainer(image)
      .withEnvironment({ APISIX_STAND_ALONE: "true" })
      .withCopyContentToContainer([
        ...copied,
        { content: stringify(config), target: `${HOME}/conf/config.yaml` },
        { content: files.get("apisix.yaml") ?? "", target: `${HOME}/conf/apisix.yaml` },
      ])
      .withExposedPorts(9080)
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
    onTestFinished(() => container.stop().then(() => undefined));
    const url = `http://${container.getHost()}:${String(container.getMappedPort(9080))}/`;
    const turned = await eventually("the breaker trips", async () => {
      const answer = await send(url);
      return answer.status === 503 && answer;
    });
    expect(Number(turned.headers["retry-after"])).toBeGreaterThan(50);
    const shown = await container.exec(["curl", "-s", "http://127.0.0.1:9090/v1/plugin/circuit-breaker/status"]);
    expect(JSON.parse(shown.output)).toMatchObject({ breakers: { "route:guarded": { state: "open" } } });
  });
});
