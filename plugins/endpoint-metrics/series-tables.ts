import type { Config } from "./config.ts";
import { labelText, methodLabel, newSeries, statusClass, type CountedSeries } from "./counted-series.ts";
import type { SeriesPool } from "./series-pool.ts";
import type { Identity, Range } from "./slot-keys.ts";

/** By the hundreds of the status. */
export type ByStatus = Record<number, CountedSeries | undefined>;
/** By the method as it came; those that are not known share `OTHER`. */
export type ByMethod = Record<string, ByStatus | undefined>;
/** By the text of the configured labels. */
type ByExtra = Record<string, CountedSeries | undefined>;
type Homes = Record<string, Record<number, ByExtra | undefined> | undefined>;

/** @noSelf */
export interface SeriesTables {
  /** The row of `method`, made if need be, for requests to the route's own upstream or to `elsewhere`. */
  row(methods: ByMethod, method: string): ByStatus;
  methods(elsewhere: string): ByMethod;
  /** The series without configured labels; it is put in the row. */
  make(row: ByStatus, method: string, hundreds: number, upstream: string): CountedSeries;
  /** The series of configured labels; `other` when there is no room for one more. */
  labelled(upstream: string, method: string, hundreds: number, extra: string): CountedSeries;
}

/** `,tenant="other"` for all configured labels. */
function otherExtra(names: readonly string[]): string {
  let text = "";
  for (const name of names) {
    text += `,${name}="other"`;
  }
  return text;
}

/** @param names of the configured labels, sorted */
export function createSeriesTables(
  route: string,
  config: Config,
  names: readonly string[],
  pool: SeriesPool,
  bornSeconds: number,
): SeriesTables {
  const byUpstream: Record<string, ByMethod | undefined> = {};
  const homes: Record<string, Homes | undefined> = {};
  const others: Record<string, CountedSeries | undefined> = {};

  function series(
    labels: CountedSeries["labels"],
    range: Range,
    fallback: CountedSeries["fallback"],
    home: CountedSeries["home"],
  ): CountedSeries {
    const identity: Identity = {
      kind: "requests",
      labels: labelText(labels),
      bounds: config.buckets,
      bornSeconds,
      idleSeconds: config.idle_seconds,
      range,
    };
    return newSeries(labels, identity, fallback, home);
  }

  const extra = otherExtra(names);
  /** Of all routes: where even the routes have no room. */
  const last = series(
    { route: "other", method: "other", status: "other", upstream: "other", extra },
    "last",
    undefined,
    undefined,
  );

  function otherOf(upstream: string): CountedSeries {
    const present = others[upstream];
    if (present !== undefined) {
      return present;
    }
    const labels = { route, method: "other", status: "other", upstream, extra };
    const made = series(labels, "reserved", () => last, undefined);
    others[upstream] = made;
    return made;
  }

  function homeOf(upstream: string, method: string, hundreds: number): ByExtra {
    const byMethod = homes[upstream] ?? {};
    homes[upstream] = byMethod;
    const byStatus = byMethod[method] ?? {};
    byMethod[method] = byStatus;
    const home = byStatus[hundreds] ?? {};
    byStatus[hundreds] = home;
    return home;
  }

  function row(methods: ByMethod, method: string): ByStatus {
    const label = methodLabel(method);
    const found = methods[label] ?? {};
    methods[label] = found;
    return found;
  }

  function methods(elsewhere: string): ByMethod {
    const found = byUpstream[elsewhere] ?? {};
    byUpstream[elsewhere] = found;
    return found;
  }

  return {
    row,
    methods,
    make: (into, method, hundreds, upstream) => {
      const labels = { route, method: methodLabel(method), status: statusClass(hundreds), upstream, extra: "" };
      const made = series(labels, "ordinary", () => otherOf(upstream), undefined);
      into[hundreds] = made;
      return made;
    },
    labelled: (upstream, method, hundreds, extra) => {
      const label = methodLabel(method);
      const home = homeOf(upstream, label, hundreds);
      const found = home[extra];
      if (found !== undefined) {
        return found;
      }
      if (!pool.hasRoom()) {
        const instead = otherOf(upstream);
        instead.errors += hundreds === 5 ? 1 : 0;
        return instead;
      }
      const labels = { route, method: label, status: statusClass(hundreds), upstream, extra };
      const made = series(labels, "ordinary", () => otherOf(upstream), home);
      home[extra] = made;
      pool.keep(made);
      return made;
    },
  };
}
