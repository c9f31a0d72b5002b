/**
 * Work that waits for the network, each piece in an nginx timer of its own.
 *
 * What a cosocket takes from its handler's memory is given back only when the handler ends: a task that makes one connection
 * after the other for days would grow by 260 bytes with each (measured with ngx_lua 0.10.23). And nothing but the end of its
 * light thread frees a cosocket that waits: for a name, where only `resolver_timeout` (30 s) counts, or for an answer while
 * the worker was told to finish, which would hold up a reload for as long.
 *
 * It takes one of `lua_max_running_timers` and of `worker_connections` while it lasts.
 */
import { new as newSemaphore } from "ngx.semaphore";
import { timerAt } from "./native-timer.ts";

/** How soon it is noticed that the worker was told to finish. */
export const LOOK_SECONDS = 0.5;
/** Waiting ends before that, by the semaphore. */
const LONG_SECONDS = 86400;

const TOLD_TO_FINISH = "the worker was told to finish";

/** What the work may set while it goes on. */
export interface Watch {
  /** When it is given up with "timeout", in the clock's seconds; undefined: not by time. */
  deadline: number | undefined;
}

interface Job {
  readonly work: (this: void, watch: Watch) => void;
  readonly watch: Watch;
  /** Posted when the work has ended. */
  readonly ended: NgxSemaphore;
  /** Posted when the timer has. */
  readonly over: NgxSemaphore;
  hasBegun: boolean;
  isDone: boolean;
  /** Why it was given up. */
  problem: string | undefined;
  /** What it threw. */
  fault: unknown;
}

function perform(this: void, job: Job): void {
  const [ok, fault] = pcall(job.work, job.watch);
  if (!ok) {
    job.fault = fault;
  }
  job.isDone = true;
  job.ended.post(1);
}

/** Undefined when it has ended, or may go on. */
function reasonToGiveUp({ isDone, watch: { deadline } }: Job): string | undefined {
  if (isDone) {
    return undefined;
  }
  if (ngx.worker.exiting()) {
    return TOLD_TO_FINISH;
  }
  return deadline !== undefined && ngx.now() >= deadline ? "timeout" : undefined;
}

function patience({ deadline }: Watch): number {
  return deadline === undefined ? LOOK_SECONDS : math.max(0.001, math.min(LOOK_SECONDS, deadline - ngx.now()));
}

function watchOver(this: void, job: Job): void {
  const thread = ngx.thread.spawn(perform, job);
  while (!job.isDone && job.problem === undefined) {
    job.ended.wait(patience(job.watch));
    job.problem = reasonToGiveUp(job);
  }
  if (!job.isDone) {
    ngx.thread.kill(thread);
  }
}

function runTimer(this: void, premature: boolean, job: Job): void {
  if (premature || job.problem !== undefined) {
    job.problem ??= TOLD_TO_FINISH;
  } else {
    job.hasBegun = true;
    const [ok, fault] = pcall(watchOver, job);
    if (!ok) {
      job.fault = fault;
    }
  }
  job.over.post(1);
}

function newJob(work: (this: void, watch: Watch) => void): Job | string {
  const [ended, problem] = newSemaphore(0);
  const [over, otherProblem] = newSemaphore(0);
  if (ended === undefined || over === undefined) {
    return problem ?? otherProblem ?? "no memory";
  }
  const watch = { deadline: undefined };
  return { work, watch, ended, over, hasBegun: false, isDone: false, problem: undefined, fault: undefined };
}

/**
 * Runs `work` and waits for its end; what it throws is thrown here.
 * @returns why it did not come to its end, or undefined when it did
 */
export function inOwnTimer(work: (this: void, watch: Watch) => void): string | undefined {
  // ngx_lua would still take a timer without a delay.
  if (ngx.worker.exiting()) {
    return TOLD_TO_FINISH;
  }
  const job = newJob(work);
  if (typeof job === "string") {
    return job;
  }
  const [started, problem] = timerAt(0, runTimer, job);
  if (started === undefined) {
    return `cannot start a timer: ${problem}`;
  }
  let [isOver] = job.over.wait(LOOK_SECONDS);
  if (isOver !== true && !job.hasBegun) {
    // ngx_lua logs the timers it drops, and tells nobody else.
    job.problem = "too many timers are running, see lua_max_running_timers";
    return job.problem;
  }
  while (isOver !== true) {
    [isOver] = job.over.wait(LONG_SECONDS);
  }
  if (job.fault !== undefined) {
    error(tostring(job.fault), 0);
  }
  return job.problem;
}
