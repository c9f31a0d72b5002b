import type { Exposition, WorkerHost } from "../../_kit/handlers.ts";
import type { Redis, RedisAnswer, RedisOptions } from "../../_kit/ports.ts";
import type { RedisConfig } from "../config.ts";
import { redisExposition } from "./redis-figures.ts";
import { redisPlace, type RedisPlace } from "./redis-url.ts";
import { watchedRedis, type WatchedRedis } from "./watched-redis.ts";

/** The scripts' answers have some 60 bytes, and what a server says of itself about 1,000. */
const MOST_BYTES = 65_536;

/**
 * The Redis of all instances in a worker.
 * @noSelf
 */
export interface RedisRegistry {
  /** The one of this configuration; equal ones are one. */
  open(config: RedisConfig): WatchedRedis;
  readonly exposition: Exposition;
}

/** What a URL that can mean nothing leads to: `check` refuses it, but a host may fill it in later. */
function noRedis(problem: string): Redis {
  const answer: RedisAnswer = { problem: `store.redis.url: ${problem}`, replies: [] };
  return { run: () => answer, evaluate: () => answer };
}

/** As `RedisOptions`, which take no `undefined`. */
type Options = { -readonly [Field in keyof RedisOptions]: RedisOptions[Field] };

function optionsOf(place: RedisPlace, config: RedisConfig): RedisOptions {
  const { host, port, database, user, password } = place;
  const options: Options = { host, port, database, timeoutSeconds: config.timeout_seconds, maxBytes: MOST_BYTES };
  if (user !== undefined) {
    options.user = user;
  }
  if (password !== undefined) {
    options.password = password;
  }
  if (place.tls) {
    options.tls = { verify: config.tls_verify };
  }
  return options;
}

export function createRedisRegistry(worker: WorkerHost): RedisRegistry {
  const opened: Record<string, WatchedRedis | undefined> = {};
  const labels: string[] = [];
  const isKnown: Record<string, true | undefined> = {};

  function open(config: RedisConfig): WatchedRedis {
    const place = redisPlace(config.url);
    const label = typeof place === "string" ? "unknown" : place.label;
    const redis = typeof place === "string" ? noRedis(place) : worker.redis(optionsOf(place, config));
    if (isKnown[label] === undefined) {
      isKnown[label] = true;
      labels.push(label);
    }
    return watchedRedis(worker, redis, { label, retrySeconds: config.retry_seconds });
  }

  return {
    exposition: redisExposition(worker.store("autoscale"), labels),
    open: (config) => {
      const numbers = `${String(config.timeout_seconds)} ${String(config.retry_seconds)}`;
      const key = `${numbers} ${config.tls_verify ? "verified" : "unverified"} ${config.url}`;
      const present = opened[key] ?? open(config);
      opened[key] = present;
      return present;
    },
  };
}
