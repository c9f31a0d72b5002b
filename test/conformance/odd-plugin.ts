import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { schema as s } from "../../plugins/_kit/schema/index.ts";

type Fields = Parameters<typeof s.record>[0];
type Rest = Partial<Omit<Manifest, "config">> & { readonly rule?: () => undefined };

/** A plugin with these fields, for tests of what a host's schema can say. */
export function pluginWith(fields: Fields, { rule, ...rest }: Rest = {}): Manifest {
  return {
    name: "odd",
    version: "0.0.1",
    description: "A plugin that only a test knows.",
    priority: { openresty: 1, kong: 1, apisix: 1 },
    phases: [],
    dicts: [],
    config: s.record(fields, rule === undefined ? {} : { check: rule }),
    ...rest,
  };
}

/** The codes and paths of what is thrown. */
export function refusalOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    const { problems } = error as { problems?: readonly { code: string; path?: string }[] };
    if (problems === undefined) throw error;
    return problems.map(({ code, path }) => `${code} ${path ?? ""}`);
  }
}
