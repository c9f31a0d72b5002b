import { schema as s, type Infer } from "../../../plugins/_kit/schema/index.ts";

const target = (description: string) => s.string({ minLength: 1, maxLength: 300, optional: true, description });

const actionFields = {
  breaker: target("The id of a breaker, as /status lists it: route:users."),
  limit: target("The name of a route whose limits get a factor."),
  peer: target("A peer as upstream/host:port."),
  state: s.oneOf(["open", "closed", "auto", "up", "drain", "down"], {
    optional: true,
    description: "What the breaker (open, closed, auto) or the peer (up, drain, down) is set to.",
  }),
  factor: s.number({
    above: 0,
    max: 10,
    optional: true,
    description: "What the route's limits are multiplied by; adaptive-rate-limit takes up to 1.",
  }),
  weight: s.integer({ min: 1, max: 1000, optional: true, description: "The weight of a peer that is up." }),
};

type WrittenAction = Infer<ReturnType<typeof s.record<typeof actionFields>>>;

/** Which fields go together: each kind of target has its own. */
function actionMistake(action: WrittenAction): string | undefined {
  const { breaker, limit, peer, state, factor, weight } = action;
  if ([breaker, limit, peer].filter((target) => target !== undefined).length !== 1) {
    return "give one of breaker, limit and peer";
  }
  if (limit !== undefined) {
    return factor === undefined || state !== undefined || weight !== undefined
      ? "limit goes with factor alone"
      : undefined;
  }
  if (factor !== undefined) return "factor goes with limit";
  if (breaker !== undefined) {
    const known = state === "open" || state === "closed" || state === "auto";
    return known && weight === undefined ? undefined : "breaker goes with state: open, closed or auto";
  }
  if (weight !== undefined && state !== "up") return "weight goes with state: up";
  return state === "up" || state === "drain" || state === "down"
    ? undefined
    : "peer goes with state: up, drain or down";
}

/** One entry of `admin.events`. */
const ruleSchema = s.record({
  match: s.map(s.string({ maxLength: 200, description: "The label's value; * stands for any text." }), {
    keyPattern: "^[a-zA-Z_][a-zA-Z0-9_]{0,99}$",
    keyExpects: "a label's name",
    minEntries: 1,
    maxEntries: 20,
    description: "Labels that the alert must have, with their values; all of them.",
  }),
  status: s.oneOf(["firing", "resolved", "any"], {
    default: "any",
    description: "any: done when the alert fires, undone when it is resolved; else done at that status alone.",
  }),
  do: s.record(actionFields, { description: "One change. $labels.name stands for a label.", check: actionMistake }),
  ttl_seconds: s.number({
    min: 1,
    max: 86400,
    default: 18000,
    description: "How long it holds; longer than Alertmanager's repeat_interval, which renews it.",
  }),
  reason: s.string({ maxLength: 200, optional: true, description: "Why, as /status and /decisions show it." }),
});

export const eventsSchema = s.list(ruleSchema, {
  default: [],
  maxItems: 100,
  description: "What alerts posted to /events change; every rule that matches is followed.",
});

/** One rule as written. */
export type WrittenRule = Infer<typeof ruleSchema>;
