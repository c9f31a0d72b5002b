/**
 * Load that does not wait for answers: requests come at random at the rate that is set, however slow the answers are, and their
 * clients leave after a time. What becomes of each is recorded.
 */
import { Agent, request } from "node:http";
import { onTestFinished } from "vitest";

export interface LoadClass {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Outcome {
  /** The class's name. */
  readonly of: string;
  /** Since the load was made, in seconds. */
  readonly sentAt: number;
  readonly endedAt: number;
  /** 0: the client left, or there was no answer. */
  readonly status: number;
}

export interface OpenLoop {
  readonly outcomes: readonly Outcome[];
  /** Seconds since it was made. */
  now(): number;
  /** Requests a second of each class, by name; a class that is not named pauses. */
  setRates(rates: Readonly<Record<string, number>>): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

/** How often what is due is sent. */
const TICK_MS = 5;

export function openLoop(url: string, classes: readonly LoadClass[], timeoutSeconds: number): OpenLoop {
  const agent = new Agent({ keepAlive: true });
  const outcomes: Outcome[] = [];
  const started = performance.now();
  const now = (): number => (performance.now() - started) / 1000;
  const underWay = new Set<Promise<void>>();
  /** When the next request of each class is due. */
  const due = new Map<string, number>();
  let rates: Readonly<Record<string, number>> = {};

  function send({ name, headers }: LoadClass): void {
    const sentAt = now();
    const ended = new Promise<void>((resolve) => {
      const end = (status: number): void => {
        clearTimeout(leaving);
        outcomes.push({ of: name, sentAt, endedAt: now(), status });
        resolve();
      };
      const sent = request(url, { agent, headers }, (response) => {
        response.resume();
        response.once("end", () => end(response.statusCode ?? 0));
        response.once("error", () => end(0));
      });
      const leaving = setTimeout(() => sent.destroy(), timeoutSeconds * 1000);
      sent.once("error", () => end(0));
      sent.end();
    });
    underWay.add(ended);
    void ended.then(() => underWay.delete(ended));
  }

  const timer = setInterval(() => {
    for (const one of classes) {
      const rate = rates[one.name] ?? 0;
      let next = due.get(one.name) ?? now();
      for (; rate > 0 && next <= now(); next += -Math.log(1 - Math.random()) / rate) send(one);
      due.set(one.name, rate > 0 ? next : now());
    }
  }, TICK_MS);

  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await Promise.all(underWay);
    agent.destroy();
  };
  onTestFinished(stop);
  return {
    outcomes,
    now,
    setRates: (next) => {
      rates = next;
      // Who paused does not make up for it.
      due.clear();
    },
    stop,
  };
}
