/**
 * What the Kubernetes target writes for one gateway and a bundle of three files, compared file by file. After a change that is
 * meant: npx vitest run test/golden/kubernetes.test.ts -u, and read the difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateRenderer } from "../../cli/build/templates.ts";
import target from "../../templates/kubernetes/target.ts";
import { planSample } from "../harness/render-sample.ts";

const HERE = import.meta.dirname;
const EXPECTED = join(HERE, "expected-kubernetes");

const BUNDLE = new Map([
  ["conf/nginx.conf", "events {\n  worker_connections 64;\n}\n"],
  ["lua/autoscale/gateway.lua", 'return { admin = { token = "s3cret" } }\n'],
  ["lua/autoscale/plugins/one/plugin.lua", "return {}\n"],
]);

test("kubernetes", async () => {
  const template = templateRenderer(new URL("../../templates/kubernetes/", import.meta.url));
  const plan = planSample(readFileSync(join(HERE, "kubernetes.yaml"), "utf8"));
  const files = target.render(plan, template, [], BUNDLE);
  for (const [path, text] of files) await expect(text).toMatchFileSnapshot(join(EXPECTED, path));
  const entries = readdirSync(EXPECTED, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(entries).toHaveLength(files.size);
});
