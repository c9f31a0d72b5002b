/** nginx locations for the routes of one server. nginx's order holds: exact, then regex as written, then longest prefix. */
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { largestLimit } from "./body-limit.ts";
import { hostRank } from "./host-rank.ts";
import { routeId } from "./names.ts";
import { noPeerView } from "./no-peer-view.ts";

/** One of several routes on one path, told apart by method. */
export interface Choice {
  readonly planned: PlannedRoute;
  /** Variable that is "1" for this route's methods. */
  readonly variable: string;
  /** Status that stands for "go to this choice" between `return` and `error_page`; never seen outside. */
  readonly code: number;
  readonly location: string;
  readonly anyMethod: boolean;
}

interface LocationHead {
  /** `=`, `~` or nothing. */
  readonly modifier: "" | "= " | "~ ";
  readonly match: string;
}

export type LocationView = LocationHead &
  (
    | { readonly kind: "direct"; readonly direct: true; readonly route: string }
    | {
        readonly kind: "dispatch";
        readonly direct: false;
        readonly choices: readonly Choice[];
        readonly allow: string | false;
        readonly maxBodyBytes: number;
        /** A choice may end at its route's location for requests without a peer: by a second `error_page`. */
        readonly recursive: boolean;
      }
  );

/** Statuses nobody answers with. nginx takes 300 to 599 in error_page, but not 499. */
function codeOf(choice: number): number {
  const code = 461 + choice;
  return code < 499 ? code : code + 1;
}

function heads({ route }: PlannedRoute): LocationHead[] {
  const { kind, value } = route.path;
  if (kind === "exact") return [{ modifier: "= ", match: value }];
  if (kind === "regex") return [{ modifier: "~ ", match: value }];
  // A prefix ends at a segment's border: /users is not the prefix of /users2.
  if (value.endsWith("/")) return [{ modifier: "", match: value }];
  return [
    { modifier: "= ", match: value },
    { modifier: "", match: `${value}/` },
  ];
}

/** The variable that tells whether the request's method is one of the route's. */
export function methodVariable(plan: Plan, planned: PlannedRoute): string {
  // Not the route's name: nginx refuses variables of more than about 50 characters.
  return `autoscale_method_r${plan.routes.indexOf(planned) + 1}`;
}

function dispatch(plan: Plan, head: LocationHead, routes: readonly PlannedRoute[]): LocationView {
  const choices = routes.map((planned, index) => ({
    planned,
    variable: methodVariable(plan, planned),
    code: codeOf(index),
    location: `@autoscale_${routeId(plan, planned)}`,
    anyMethod: planned.route.methods.length === 0,
  }));
  const open = choices.some((choice) => choice.anyMethod);
  const allow = [...new Set(routes.flatMap(({ route }) => route.methods))].join(", ");
  const maxBodyBytes = largestLimit(routes.map(({ route }) => route));
  const recursive = routes.some((planned) => noPeerView(plan, planned) !== undefined);
  return { ...head, kind: "dispatch", direct: false, choices, allow: open ? false : allow, maxBodyBytes, recursive };
}

const takesAll = ({ route }: PlannedRoute): boolean => route.methods.length === 0;

/**
 * Routes on one path in the order they are asked: the host decides, then those of a method come before one that takes
 * all; what stands behind that one is never asked.
 */
function contenders(routes: readonly PlannedRoute[], host: string | undefined): PlannedRoute[] {
  const asked = [...routes].sort((a, b) => {
    return hostRank(b, host) - hostRank(a, host) || Number(takesAll(a)) - Number(takesAll(b));
  });
  const last = asked.findIndex(takesAll);
  return last < 0 ? asked : asked.slice(0, last + 1);
}

interface Shared {
  readonly head: LocationHead;
  readonly routes: PlannedRoute[];
}

function byHead(routes: readonly PlannedRoute[]): Shared[] {
  const found = new Map<string, Shared>();
  // An exact route beats the exact half of a prefix on the same path, whatever the order they are written in.
  const exactFirst = [...routes].sort(
    (a, b) => Number(b.route.path.kind === "exact") - Number(a.route.path.kind === "exact"),
  );
  for (const planned of exactFirst) {
    for (const head of heads(planned)) {
      const key = head.modifier + head.match;
      const entry = found.get(key) ?? { head, routes: [] };
      const before = entry.routes[0]?.route.path.kind;
      if (before === undefined || before === planned.route.path.kind) entry.routes.push(planned);
      found.set(key, entry);
    }
  }
  return [...found.values()];
}

/** Locations for `routes`, which are those that `host` sees, in the order of `routesOfHost`. */
export function locationViews(plan: Plan, routes: readonly PlannedRoute[], host: string | undefined): LocationView[] {
  const shared = byHead(routes).map(({ head, routes: here }) => ({ head, asked: contenders(here, host) }));
  const alone = (asked: readonly PlannedRoute[]): boolean => asked.length === 1 && asked.every(takesAll);
  // A route that is chosen by method on one of its locations is on all: it has one way into its named location.
  const chosen = new Set(shared.filter(({ asked }) => !alone(asked)).flatMap(({ asked }) => asked));
  return shared.map(({ head, asked }) => {
    const [only] = asked;
    if (only === undefined || !alone(asked) || chosen.has(only)) return dispatch(plan, head, asked);
    return { ...head, kind: "direct", direct: true, route: routeId(plan, only) };
  });
}

/** The `map` blocks that the dispatching locations read. */
export function methodMaps(plan: Plan): { readonly variable: string; readonly methods: readonly string[] }[] {
  return plan.routes
    .filter((planned) => planned.route.methods.length > 0)
    .map((planned) => ({ variable: methodVariable(plan, planned), methods: planned.route.methods }));
}
