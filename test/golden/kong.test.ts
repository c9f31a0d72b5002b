/** What the Kong target writes for one gateway, compared file by file. After a change that is meant: npx vitest run test/golden/kong.test.ts -u */
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepare } from "../../cli/build/pipeline.ts";
import { selfSigned } from "../harness/certificate.ts";
import { freshStockLua } from "../harness/stock-lua.ts";
import { temporaryFiles } from "../harness/temporary-files.ts";

const HERE = import.meta.dirname;
const isGolden = (path: string): boolean => !/^(autoscale|maps)\//.test(path);

test("kong", async () => {
  const { certificate, key } = selfSigned("example.com");
  const text = readFileSync(join(HERE, "gateways/everything.yaml"), "utf8");
  const folder = temporaryFiles({ "gateway.yaml": text, "certs/site.pem": certificate, "certs/site.key": key });
  cpSync(join(HERE, "../../examples/own-plugin/plugins"), join(folder, "plugins"), { recursive: true });
  const made = await prepare({
    file: join(folder, "gateway.yaml"),
    cwd: folder,
    env: { ADMIN_TOKEN: "golden" },
    targets: ["kong"],
    luaFolder: freshStockLua("kong"),
  });
  const files = [...(made.bundles[0]?.files ?? [])].filter(([path]) => isGolden(path));
  expect(files.map(([path]) => path)).toContain("kong.yml");
  for (const [path, written] of files) {
    const neutral = written.replaceAll(folder, "/site").replaceAll(made.version, "<version>");
    await expect(neutral).toMatchFileSnapshot(join(HERE, "expected-kong", path.replaceAll(made.version, "version")));
  }
});
