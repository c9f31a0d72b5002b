/** nginx locations for the routes of one server. nginx's order holds: exact, then regex as written, then longest prefix. */
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { routeId } from "./names.ts";

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
      }
  );

/** Statuses nobody answers with. nginx takes 300 to 599 in error_page. */
const FIRST_CODE = 461;

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
  return `autoscale_method_${routeId(plan, planned)}`;
}

function dispatch(plan: Plan, head: LocationHead, routes: readonly PlannedRoute[]): LocationView {
  const choices = routes.map((planned, index) => ({
    planned,
    variable: methodVariable(plan, planned),
    code: FIRST_CODE + index,
    location: `@autoscale_${routeId(plan, planned)}`,
    anyMethod: planned.route.methods.length === 0,
  }));
  const open = choices.some((choice) => choice.anyMethod);
  const allow = [...new Set(routes.flatMap(({ route }) => route.methods))].join(", ");
  return { ...head, kind: "dispatch", direct: false, choices, allow: open ? false : allow };
}

/** Routes on one path in the order they are asked: those of a method first come before one that takes all. */
function contenders(routes: readonly PlannedRoute[]): PlannedRoute[] {
  const found: PlannedRoute[] = [];
  for (const planned of routes) {
    found.push(planned);
    if (planned.route.methods.length === 0) break;
  }
  return found;
}

/** Locations for `routes`, which are sorted by how well they fit the server's host. */
export function locationViews(plan: Plan, routes: readonly PlannedRoute[]): LocationView[] {
  const byHead = new Map<string, { head: LocationHead; routes: PlannedRoute[] }>();
  // An exact route beats the exact half of a prefix on the same path, whatever the order they are written in.
  const exactFirst = [...routes].sort(
    (a, b) => Number(b.route.path.kind === "exact") - Number(a.route.path.kind === "exact"),
  );
  for (const planned of exactFirst) {
    for (const head of heads(planned)) {
      const entry = byHead.get(head.modifier + head.match) ?? { head, routes: [] };
      const before = entry.routes[0]?.route.path.kind;
      if (before === undefined || before === planned.route.path.kind) entry.routes.push(planned);
      byHead.set(head.modifier + head.match, entry);
    }
  }
  return [...byHead.values()].map(({ head, routes: here }) => {
    const methodsFirst = [...here].sort(
      (a, b) => Number(a.route.methods.length === 0) - Number(b.route.methods.length === 0),
    );
    const [only, ...others] = contenders(methodsFirst);
    if (only !== undefined && others.length === 0 && only.route.methods.length === 0) {
      return { ...head, kind: "direct", direct: true, route: routeId(plan, only) };
    }
    return dispatch(
      plan,
      head,
      [only, ...others].filter((planned) => planned !== undefined),
    );
  });
}

/** The `map` blocks that the dispatching locations read. */
export function methodMaps(plan: Plan): { readonly variable: string; readonly methods: readonly string[] }[] {
  return plan.routes
    .filter((planned) => planned.route.methods.length > 0)
    .map((planned) => ({ variable: methodVariable(plan, planned), methods: planned.route.methods }));
}
