import type { CommandResult } from "./run-command.ts";

export interface EngineExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An engine that serves a bundle as a child of this process. */
export interface RunningEngine {
  /** Process id of nginx's master, or of the container client. */
  readonly pid: number;
  /** Settles once the master and every worker are gone. Never rejects. */
  readonly exited: Promise<EngineExit>;
  /**
   * Checks the configuration and, when it is right, has nginx take it up without losing a request. A configuration
   * that is refused changes nothing: the old one goes on serving. Settles once the new workers are there.
   */
  reload(): Promise<CommandResult>;
  /**
   * Ends the engine: requests in flight get `graceSeconds` (default 10; 0: none), then it is terminated, then
   * killed. Settles when nothing is left.
   */
  stop(options?: { readonly graceSeconds?: number }): Promise<void>;
}

export interface StartOptions {
  /** What nginx prints: start-up errors, and its logs where they go to stderr. */
  readonly onOutput?: (text: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** How long nginx may take until it listens; default 30. */
  readonly readySeconds?: number;
  /** As in `stop`, for a stop that a signal to this process asked for. */
  readonly graceSeconds?: number;
  /**
   * A SIGINT, SIGTERM or SIGHUP to this process stops the engine; a second one at once, a third kills it. Then this
   * process dies of that signal (`die`, the default), or lives on to finish by itself (`continue`).
   */
  readonly afterSignal?: "die" | "continue";
}
