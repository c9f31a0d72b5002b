import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadCustomPlugins } from "../../cli/build/compile/custom.ts";
import { temporaryFiles } from "./temporary-files.ts";

const MANIFEST = `import { definePlugin, schema } from "autoscale-lua";
export default definePlugin({
  name: "thrower", version: "1.0.0", description: "Throws at a known line.",
  priority: { openresty: 1, kong: 1, apisix: 1 }, phases: ["log"], dicts: [], config: schema.record({}),
});
`;

/** Comments and types make Lua's lines differ from these. `THROWS_AT` and `CALLS_AT` are lines of this text. */
const PLUGIN = `import type { Create } from "autoscale-lua";

interface Sample {
  readonly seconds: number;
}

/** Fails on what is too slow. */
function judge(sample: Sample): number {
  if (sample.seconds > 1) {
    error("too slow");
  }
  return sample.seconds;
}

export const create: Create<object> = () => ({
  log() {
    const judged = judge({ seconds: 2 });
    judge({ seconds: judged });
  },
});
`;

export const THROWS_AT = "plugins/thrower/plugin.ts:10:";
export const CALLS_AT = "plugins/thrower/plugin.ts:17:";
export const MODULE = "autoscale.plugins.thrower.plugin";

/** Compiles a plugin that throws into `lua/` and `maps/` of a new folder that goes away with the test. */
export async function throwingBundle(): Promise<string> {
  const sources = temporaryFiles({ "plugins/thrower/manifest.ts": MANIFEST, "plugins/thrower/plugin.ts": PLUGIN });
  const bundle = temporaryFiles({});
  // A worker of nginx that root starts runs as another user.
  chmodSync(bundle, 0o755);
  const { modules } = await loadCustomPlugins([join(sources, "plugins")]);
  for (const { path, lua, map } of modules) {
    write(join(bundle, "lua", path), lua);
    write(join(bundle, "maps", `${path}.map`), map);
  }
  return bundle;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
