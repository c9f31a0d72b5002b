import { adaptedThreshold } from "../_core/adapted-threshold.ts";
import { statusSet } from "../_core/status-set.ts";
import { slotWidth } from "../_core/time-window.ts";
import type { Host } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import type { Config } from "./config.ts";

/** What a status says about a call. */
export type StatusVerdict = "passed" | "failed" | "ask" | "client_gone";

/** What all the breakers of one instance share: its configuration, made ready, and the outside. */
export interface Settings {
  readonly config: Config;
  readonly host: Host;
  readonly store: Store;
  /** By status, 0 to 999. */
  readonly verdicts: readonly StatusVerdict[];
  readonly slowSeconds: number;
  readonly minimumCalls: number;
  /** The thresholds in force, in percent: they fall under load. */
  failurePercent: number;
  slowPercent: number;
  /** Begins the keys that belong to the instance and not to one of its breakers: `cb:<name>:`. */
  readonly prefix: string;
  /** The name under which a request remembers what this instance did with it. */
  readonly mark: string;
  /** How many requests of this worker carry the mark: only then is it worth looking for it. */
  marked: number;
  /** Peer scope: one of the breakers has a counter to replace. */
  rotateDue: boolean;
  /** Called after every transition one of the breakers made. */
  onTransition: (() => void) | undefined;
}

const BAD_GATEWAY = 502;
const GATEWAY_TIMEOUT = 504;
/** nginx's status for a client that went away before the answer. */
const CLIENT_GONE = 499;

function statusVerdicts(failureStatuses: readonly string[]): StatusVerdict[] {
  const failing = statusSet(failureStatuses);
  const verdicts: StatusVerdict[] = [];
  for (let status = 0; status < failing.length; status++) {
    verdicts[status] = failing[status] === true ? "failed" : "passed";
  }
  // nginx answers with these when the upstream gave no answer; the upstream itself may send them too.
  if (failing[BAD_GATEWAY] !== true) {
    verdicts[BAD_GATEWAY] = "ask";
  }
  if (failing[GATEWAY_TIMEOUT] !== true) {
    verdicts[GATEWAY_TIMEOUT] = "ask";
  }
  verdicts[CLIENT_GONE] = "client_gone";
  return verdicts;
}

/** Puts the thresholds in force that suit the present load. */
function adaptThresholds(settings: Settings): void {
  const config = settings.config;
  const adapt = config.adapt;
  const pressure = adapt.pressure ? settings.host.pressure.read() : 0;
  settings.failurePercent = adaptedThreshold(config.failure_rate, adapt.criticality, pressure);
  settings.slowPercent = adaptedThreshold(config.slow_call.rate, adapt.criticality, pressure);
}

/** @param name the state's name, e.g. `route:users` */
function newSettings(config: Config, host: Host, name: string): Settings {
  const settings: Settings = {
    config,
    host,
    store: host.store("autoscale"),
    verdicts: statusVerdicts(config.failure_statuses),
    slowSeconds: config.slow_call.seconds,
    minimumCalls: config.minimum_calls,
    failurePercent: config.failure_rate,
    slowPercent: config.slow_call.rate,
    prefix: `cb:${name}:`,
    mark: `circuit-breaker ${name}`,
    marked: 0,
    rotateDue: false,
    onTransition: undefined,
  };
  adaptThresholds(settings);
  return settings;
}

/** No more often than four times a second, however short the window. */
const MIN_TICK_SECONDS = 0.25;

/** How often a worker looks at what the others counted: twice a slot. */
function tickSeconds(config: Config): number {
  const half = slotWidth(config.window.seconds) / 2;
  return config.window.type === "count" || half > MIN_TICK_SECONDS ? 0.5 : MIN_TICK_SECONDS;
}

export { adaptThresholds, newSettings, tickSeconds };
