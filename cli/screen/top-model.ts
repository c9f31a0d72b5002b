/** What `top` shows, and what its keys do to that. */
import type { DecisionStatus, GatewayStatus, RouteStatus } from "../admin-client/index.ts";

export interface Snapshot {
  readonly status: GatewayStatus;
  readonly decisions: readonly DecisionStatus[];
}

export interface TopModel extends Snapshot {
  /** Of the admin server. */
  readonly url: string;
  /** Since when there is no answer, in seconds since the epoch, and why. */
  readonly lost: { readonly since: number; readonly why: string } | undefined;
  readonly paused: boolean;
  readonly help: boolean;
  /** Which of `SORT_ORDERS`. */
  readonly sort: number;
  /** How many lines have been scrolled past. */
  readonly scroll: number;
}

interface SortOrder {
  /** The title of the column. */
  readonly title: string;
  /** Less than 0: `a` comes first. */
  readonly compare: (a: RouteStatus, b: RouteStatus) => number;
}

/** The unknown comes last. */
const falling =
  (value: (route: RouteStatus) => number | undefined): SortOrder["compare"] =>
  (a, b) =>
    (value(b) ?? -1) - (value(a) ?? -1);

export const SORT_ORDERS: readonly SortOrder[] = [
  { title: "req/s", compare: falling(({ rps }) => rps) },
  { title: "errors", compare: falling(({ errorRate }) => errorRate) },
  { title: "p99", compare: falling(({ p99 }) => p99) },
  { title: "in flight", compare: falling(({ inFlight }) => inFlight) },
  { title: "Routes", compare: () => 0 },
];

export function firstModel(url: string, snapshot: Snapshot): TopModel {
  return { ...snapshot, url, lost: undefined, paused: false, help: false, sort: 0, scroll: 0 };
}

/** Routes of the same rank stay in the order of their names. */
export function sortedRoutes({ status, sort }: TopModel): RouteStatus[] {
  return [...status.routes].sort(SORT_ORDERS[sort]?.compare);
}

/** @param room lines that the body has, for a page */
export function pressed(model: TopModel, key: string, room: number): TopModel | "quit" {
  if (key === "q" || key === "ctrl-c" || key === "ctrl-d") return "quit";
  if (model.help) return { ...model, help: false };
  const scrolled = scrolls[key]?.(model.scroll, Math.max(1, room - 1));
  if (scrolled !== undefined) return { ...model, scroll: Math.max(0, scrolled) };
  if (key === "s") return { ...model, sort: (model.sort + 1) % SORT_ORDERS.length };
  if (key === "p" || key === " ") return { ...model, paused: !model.paused };
  if (key === "?" || key === "h") return { ...model, help: true };
  return model;
}

type Scroll = (scroll: number, page: number) => number;
const upOne: Scroll = (scroll) => scroll - 1;
const downOne: Scroll = (scroll) => scroll + 1;
const toStart: Scroll = () => 0;
/** The view stops where the lines end. */
const toEnd: Scroll = () => Number.MAX_SAFE_INTEGER;

const scrolls: Readonly<Record<string, Scroll>> = {
  up: upOne,
  k: upOne,
  down: downOne,
  j: downOne,
  "page-up": (scroll, page) => scroll - page,
  "page-down": (scroll, page) => scroll + page,
  home: toStart,
  g: toStart,
  end: toEnd,
  G: toEnd,
};
