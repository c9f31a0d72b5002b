import { delaySeconds, TIMEOUT_SECONDS } from "../model/polling.ts";
import { listOf, type Decision, type Status } from "../model/status.ts";

export interface Look {
  readonly status: Status;
  /** Undefined: this gateway does not tell. */
  readonly decisions: readonly Decision[] | undefined;
}

export interface Watcher {
  onLook(look: Look): void;
  /** @param seconds until the next try */
  onLost(seconds: number): void;
}

/**
 * Looks at the gateway again and again: every two seconds, less often while it is away, never while nobody sees the page.
 * @returns looks at once
 */
export function watchGateway(watcher: Watcher): () => void {
  let failures = 0;
  let timer: number | undefined;
  let looking = false;
  let again = false;
  let tellsDecisions = true;

  const look = async (): Promise<Look> => {
    const [status, decisions] = await Promise.all([
      ask("/status"),
      tellsDecisions ? ask("/decisions?limit=20") : undefined,
    ]);
    if (!status.ok) throw new Error(`/status answered ${String(status.status)}`);
    // An older gateway: asking again would fill the browser's console.
    if (decisions?.status === 404) tellsDecisions = false;
    const told = decisions?.ok === true ? ((await decisions.json()) as { decisions?: Decision[] }) : undefined;
    return {
      status: (await status.json()) as Status,
      decisions: told === undefined ? undefined : listOf(told.decisions),
    };
  };

  const turn = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    window.clearTimeout(timer);
    const seen = await look().catch(() => undefined);
    looking = false;
    failures = seen === undefined ? failures + 1 : 0;
    const seconds = again ? 0 : delaySeconds(failures);
    again = false;
    if (seen === undefined) watcher.onLost(seconds);
    else watcher.onLook(seen);
    if (!document.hidden) timer = window.setTimeout(() => void turn(), seconds * 1000);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) window.clearTimeout(timer);
    else void turn();
  });
  void turn();
  return () => void turn();
}

function ask(path: string): Promise<Response> {
  return fetch(path, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
  });
}
