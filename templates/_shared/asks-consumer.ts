import type { Plan } from "../../cli/build/target.ts";

/** What stands in a plugin's configuration for the consumer, as in `key: [consumer]` and `by: consumer`. */
const CONSUMER = "consumer";

function pathsOf(value: unknown, path: string): readonly string[] {
  if (value === CONSUMER) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => pathsOf(item, `${path}[${String(index)}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, `${path}.${name}`));
}

/** Where plugins are told to tell clients apart by who they are. */
export function asksConsumer({ routes }: Plan): readonly string[] {
  return routes.flatMap(({ route, plugins }) =>
    plugins.flatMap(({ name, config }) => pathsOf(config, `routes.${route.name}.plugins.${name}`)),
  );
}
