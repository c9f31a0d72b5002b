import type { Source } from "./source.ts";

/** A source that cannot look at all, for its configuration is wrong in a way that the schema should have refused. */
export function brokenSource(kind: string, field: string): Source {
  return {
    name: kind,
    run: (report) => {
      report({ problem: `its ${field} is no URL: give http://host:port or https://host:port, without a user` });
    },
  };
}
