import { allDicts, withUsedDicts } from "../../cli/build/used-dicts.ts";
import { fileURLToPath } from "node:url";
import { Planner } from "../../cli/build/plan.ts";
import { stockPlugins } from "../../cli/build/registry.ts";
import type { Plan } from "../../cli/build/target.ts";
import { templateRenderer } from "../../cli/build/templates.ts";
import target from "../../templates/openresty/target.ts";
import { parseSample } from "./gateway-sample.ts";

const render = templateRenderer(new URL("../../templates/openresty/", import.meta.url));
const stock = await stockPlugins();

/** The plan of a gateway.yaml, as if it lay in /site. */
export function planSample(text: string): Plan {
  const { gateway, locate } = parseSample(text);
  const { routes } = new Planner(gateway, stock, locate).plan();
  const dictBytes = allDicts(gateway, stock);
  return { gateway: withUsedDicts(gateway, routes), routes, manifests: stock, dictBytes, version: "0.0.0" };
}

/** The OpenResty target's files for a gateway.yaml, Lua modules and manifest apart. */
export function renderSample(text: string): ReadonlyMap<string, string> {
  return target.render(planSample(text), render, []);
}

/** Where the repository lies. */
export const repository = fileURLToPath(new URL("../../", import.meta.url));
