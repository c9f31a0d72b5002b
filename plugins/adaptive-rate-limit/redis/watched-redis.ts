/**
 * A Redis that may be lost. Each worker finds out by itself: its first request that is not answered ends the asking, and a look in
 * the background, each `retrySeconds`, begins it again. So one that hangs costs a worker's requests one timeout, and none later.
 */
import type { RespReply } from "../../_core/resp/resp-reply.ts";
import { integerText } from "../../_core/text.ts";
import type { WorkerHost } from "../../_kit/handlers.ts";
import type { Redis, RedisAnswer, RedisScriptCall, Store } from "../../_kit/ports.ts";
import { type FailureReason, failureReason, remedyOf } from "./failure-reason.ts";
import { FIXED_SCRIPT } from "./limit-scripts.ts";
import { figureAt, redisKeys } from "./redis-figures.ts";

/** That a worker cannot use it is forgotten so long after that worker has last said so: it may have died. */
const LOST_SECONDS = 10;
/** Of who tells about one change; other workers find out within that time. */
const CLAIM_SECONDS = 60;
/** While it stays lost, the log says why once in so many seconds. */
const LOG_SECONDS = 60;
/** A look that is not over by then never began: the worker had no timer for it. */
const LOOK_SECONDS = 30;

/** Writes as a request does: only that shows a Redis that is full, or a replica. */
const LOOK: readonly RedisScriptCall[] = [{ key: "autoscale:look", args: ["1000000000", "10", "1", "1"] }];

export interface WatchedOptions {
  /** `host:port/database` */
  readonly label: string;
  readonly retrySeconds: number;
}

/** @noSelf */
export interface WatchedRedis {
  /** False while it is left alone. */
  isUp(): boolean;
  /** Since when it has counted all it was asked, as far as this worker knows; 0: always. */
  backSeconds(): number;
  /** The answer to one call; undefined when there is none that is worth anything. */
  evaluate(script: string, call: RedisScriptCall): RespReply | undefined;
  /** It has answered what no script says. */
  distrust(): void;
}

export function watchedRedis(worker: WorkerHost, redis: Redis, { label, retrySeconds }: WatchedOptions): WatchedRedis {
  const { clock, events, log, tasks } = worker;
  const store: Store = worker.store("autoscale");
  const keys = redisKeys(label);
  const subject = `redis:${label}`;
  const errors: Partial<Record<FailureReason, number | undefined>> = {};
  let isUp = true;
  let lookedAt = 0;
  let backSeconds = figureAt(store, keys.back);
  let server: string | undefined;
  let seconds = 0;
  let count = 0;

  function tell(from: string, to: string, reason: string, inputs: Readonly<Record<string, string | number>>): void {
    events.emit({ plugin: "adaptive-rate-limit", subject, from, to, reason, inputs });
  }

  /** Counts a failure; the log says it once an interval, whichever worker it is. */
  function note(problem: string): void {
    const reason = failureReason(problem);
    errors[reason] = (errors[reason] ?? 0) + 1;
    if (store.add(keys.lost, clock.now(), LOST_SECONDS)) {
      tell("up", "lost", "Redis does not decide: each gateway gives its own share of the limits", { problem });
    } else {
      store.expire(keys.lost, LOST_SECONDS);
    }
    if (store.add(`${keys.lost}:logged`, true, LOG_SECONDS)) {
      log.error(`Redis at ${label} cannot be used (${problem}): ${remedyOf(reason)}`);
    }
  }

  /** It answers: from now on it counts everything, but what came before it may not know. */
  function comeBack(): void {
    isUp = true;
    backSeconds = clock.now();
    store.set(keys.back, backSeconds);
    const lost = figureAt(store, keys.lost);
    if (lost > 0 && store.add(`${keys.back}:${integerText(Math.floor(lost * 1000))}`, true, CLAIM_SECONDS)) {
      store.remove(keys.lost);
      store.remove(`${keys.lost}:logged`);
      const inputs = { lost_seconds: Math.floor((backSeconds - lost) * 1000) / 1000 };
      tell("lost", "up", "Redis decides again; for one window each gateway's own share holds too", inputs);
    }
  }

  /** Another server than before: it was restarted, or another has taken its place, maybe with less memory. */
  function meet(present: string): void {
    if (server !== undefined && server !== present && isUp) {
      backSeconds = clock.now();
      store.set(keys.back, backSeconds);
      if (store.add(`${keys.back}:${present}`, true, CLAIM_SECONDS)) {
        tell("up", "up", "Redis was restarted or replaced; for one window each gateway's own share holds too", {});
      }
    }
    server = present;
  }

  /** The first reply, or what is wrong. */
  function readAnswer(answer: RedisAnswer): RespReply | string {
    const reply = answer.replies[0];
    if (reply === undefined) {
      return answer.problem ?? "malformed answer";
    }
    if (answer.server !== undefined) {
      meet(answer.server);
    }
    return reply.kind === "error" ? reply.text : reply;
  }

  function lookUntilBack(this: void): void {
    while (!isUp && tasks.sleep(retrySeconds)) {
      lookedAt = clock.now();
      const reply = readAnswer(redis.evaluate(FIXED_SCRIPT, LOOK));
      if (typeof reply === "string") {
        note(reply);
      } else {
        comeBack();
      }
    }
  }

  function startLooking(): void {
    lookedAt = clock.now();
    tasks.start(lookUntilBack);
  }

  function lose(problem: string): void {
    note(problem);
    if (isUp) {
      isUp = false;
      startLooking();
    }
  }

  function flush(this: void): void {
    // Another worker was cut off alone: what it let through meanwhile Redis does not know either.
    backSeconds = Math.max(backSeconds, figureAt(store, keys.back));
    for (const reason in errors) {
      store.incr(keys.errors + reason, errors[reason as FailureReason] ?? 0, 0, 0);
      errors[reason as FailureReason] = undefined;
    }
    if (count > 0) {
      store.incr(keys.seconds, seconds, 0, 0);
      store.incr(keys.count, count, 0, 0);
      seconds = 0;
      count = 0;
    }
    if (!isUp) {
      store.expire(keys.lost, LOST_SECONDS);
      if (clock.now() - lookedAt > LOOK_SECONDS + retrySeconds) {
        startLooking();
      }
    }
  }

  worker.timer.every(1, flush);
  worker.atExit(flush);
  return {
    isUp: () => isUp,
    backSeconds: () => backSeconds,
    evaluate: (script, call) => {
      const began = clock.now();
      const reply = readAnswer(redis.evaluate(script, [call]));
      count += 1;
      const took = clock.now() - began;
      seconds += took > 0 ? took : 0;
      if (typeof reply === "string") {
        lose(reply);
        return undefined;
      }
      return reply;
    },
    distrust: () => {
      lose("malformed answer");
    },
  };
}
