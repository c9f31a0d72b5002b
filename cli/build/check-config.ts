import { type Engine, testConfig } from "../engine/index.ts";
import { AutoscaleError } from "../errors.ts";
import type { Inspect } from "./pack.ts";

/** Whether a target's bundle holds a configuration that an engine can read here; the others' hosts read theirs themselves. */
export function isInspected(target: string): boolean {
  return target === "openresty";
}

/** Has the engine read the staged OpenResty bundle, `nginx -t`; its own text becomes the error. */
export function configInspector(engine: Engine, target: string): Inspect {
  return async (staged) => {
    if (!isInspected(target)) return;
    const result = await testConfig(engine, staged);
    if (result.ok) return;
    const output = result.output.replaceAll(`${staged}/`, "").trim();
    throw new AutoscaleError({
      code: "E_NGINX_TEST",
      message: `${engine.describe} refuses the generated configuration:\n${output}`,
      remedy: "If the line comes from nginx: in gateway.yaml, mend it there; otherwise please report it.",
    });
  };
}
