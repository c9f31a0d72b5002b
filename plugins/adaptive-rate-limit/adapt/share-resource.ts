import type { AdminResource, Host } from "../../_kit/handlers.ts";
import type { JsonValue } from "../../_kit/ports.ts";
import type { Config } from "../config.ts";
import { writeOverride } from "./share-override.ts";
import { shareText } from "./share-text.ts";
import type { ShareView } from "./share-view.ts";

const DEFAULT_TTL_SECONDS = 300;
const MAX_TTL_SECONDS = 86_400;
const MAX_REASON_LENGTH = 200;

/** What the resource of a route is made from. */
export interface ShareResourceParts {
  readonly config: Config;
  readonly host: Host;
  readonly view: ShareView;
  readonly overrideKey: string;
  readonly replicas: (this: void) => number;
  /** This worker follows at once what it was told. */
  readonly changed: (this: void) => void;
}

function put(parts: ShareResourceParts, body: Readonly<Record<string, unknown>>): string | undefined {
  for (const name in body) {
    if (name !== "factor" && name !== "ttl_seconds" && name !== "reason") {
      return `"${name}" is not known: give factor, ttl_seconds and reason`;
    }
  }
  const factor = body["factor"];
  if (typeof factor !== "number" || !(factor > 0 && factor <= 1)) {
    return "factor must be a number above 0, at most 1: 1 ends what was set";
  }
  const ttl = body["ttl_seconds"] === undefined ? DEFAULT_TTL_SECONDS : body["ttl_seconds"];
  if (typeof ttl !== "number" || !(ttl >= 1 && ttl <= MAX_TTL_SECONDS)) {
    return "ttl_seconds must be a number from 1 to 86400";
  }
  const reason = body["reason"] === undefined ? "by hand" : body["reason"];
  if (typeof reason !== "string" || reason.length > MAX_REASON_LENGTH) {
    return "reason must be a text of at most 200 characters";
  }
  return apply(parts, factor, ttl, reason);
}

function factorNow(view: ShareView): number {
  const override = view.override();
  return override === undefined ? 1 : override.factor;
}

function apply(
  { host, view, overrideKey, changed }: ShareResourceParts,
  factor: number,
  ttl: number,
  reason: string,
): string | undefined {
  changed();
  const before = factorNow(view);
  if (factor === 1 && before === 1) {
    return undefined;
  }
  const now = host.clock.now();
  const override = { factor, untilSeconds: now + ttl, reason };
  if (!writeOverride(host.store("autoscale"), overrideKey, override, host.json, now)) {
    return "the shared memory `autoscale` is full: make it larger by shared_memory in gateway.yaml";
  }
  changed();
  // The same alert again only renews its time.
  if (factor !== before) {
    host.events.emit({
      plugin: "adaptive-rate-limit",
      subject: `limit:${host.place.route}`,
      from: shareText(before),
      to: shareText(factor),
      reason,
      inputs: factor < 1 ? { ttl_seconds: ttl } : {},
    });
  }
  return undefined;
}

/** Why the share is what it is, in a few words; "" while limits are whole. */
function reasonOf(view: ShareView): string {
  const { share, reason, verdict } = view.state();
  const override = view.override();
  if (override !== undefined && override.factor < 1 && override.factor <= share.share) {
    return override.reason;
  }
  if (share.share >= 1) {
    return "";
  }
  return verdict === "calm" ? "recovering" : reason;
}

function shownSignals(view: ShareView): Record<string, number> {
  const { signals } = view.state();
  const shown: Record<string, number> = {};
  for (const name in signals) {
    const signal = signals[name];
    if (signal !== undefined) {
      shown[name] = signal.ratio;
    }
  }
  return shown;
}

/** `limits/<route>`: the share in force and why, and the place where a factor is set by hand. */
export function shareResource(parts: ShareResourceParts): AdminResource {
  const { config, host, view, changed } = parts;
  const resource: { -readonly [Name in keyof AdminResource]: AdminResource[Name] } = {
    collection: "limits",
    id: host.place.route,
    get: () => {
      changed();
      const state = view.state();
      const override = view.override();
      const byHand = override !== undefined && override.factor < 1 ? override : undefined;
      const shown: Record<string, JsonValue | undefined> = {
        factor: view.share(),
        reason: reasonOf(view),
        until: byHand === undefined ? undefined : byHand.untilSeconds,
        limit: config.limit,
        adaptive_factor: state.share.share,
        floor: config.adapt.floor,
        // 1 is the threshold.
        signals: shownSignals(view),
        replicas: parts.replicas(),
        shadow: host.shadow,
      };
      return shown;
    },
  };
  if (config.adapt.external) {
    resource.put = (body) => put(parts, body);
  }
  return resource;
}
