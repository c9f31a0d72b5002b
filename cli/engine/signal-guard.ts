import type { EngineExit } from "./running.ts";
import type { Shutdown } from "./shutdown.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Guarded {
  readonly shutdown: Shutdown;
  readonly exited: Promise<EngineExit>;
  readonly graceSeconds: number;
  readonly afterSignal: "die" | "continue";
}

const guarded = new Set<Guarded>();
let signalsSeen = 0;

/**
 * Ties an engine's life to this process: whatever ends this process ends the engine first. One set of listeners
 * serves all engines, and is gone when none runs. SIGKILL cannot be caught: see `parent-death.ts`.
 */
export function guard(entry: Guarded): void {
  if (guarded.size === 0) listen();
  guarded.add(entry);
  void entry.exited.then(() => {
    guarded.delete(entry);
    if (guarded.size === 0) unlisten();
  });
}

function listen(): void {
  signalsSeen = 0;
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on("exit", killAll);
}

function unlisten(): void {
  for (const signal of SIGNALS) process.off(signal, onSignal);
  process.off("exit", killAll);
}

function onSignal(signal: NodeJS.Signals): void {
  signalsSeen += 1;
  const entries = [...guarded];
  for (const entry of entries) {
    if (signalsSeen === 1) entry.shutdown.begin(entry.graceSeconds);
    else entry.shutdown.hurry();
  }
  if (signalsSeen > 1 || !entries.some((entry) => entry.afterSignal === "die")) return;
  void Promise.all(entries.map((entry) => entry.exited)).then(() => {
    unlisten();
    process.kill(process.pid, signal);
  });
}

function killAll(): void {
  for (const entry of guarded) entry.shutdown.kill();
}
