import { setTimeout as sleep } from "node:timers/promises";
import { adminClient, fetchDecisions, findAdmin, readStatus, type AdminClient } from "../admin-client/index.ts";
import { AutoscaleError } from "../errors.ts";
import { openTerminal, type Terminal } from "../screen/terminal.ts";
import { firstModel, pressed, type Snapshot, type TopModel } from "../screen/top-model.ts";
import { topFrame } from "../screen/top-view.ts";
import { paint } from "./paint.ts";
import type { AdminOptions } from "./status.ts";

export interface TopOptions extends AdminOptions {
  readonly intervalSeconds: number;
  /** With --json there is nothing to look at. */
  readonly json: boolean;
}

const DECISIONS = 10;

/** Shows what a running gateway does, until q. The first answer must come; later the connection may be lost. */
export async function topCommand(options: TopOptions): Promise<void> {
  const { stdin, stdout } = process;
  // The types say that these are always terminals.
  const terminals = (stdin as { isTTY?: boolean }).isTTY === true && (stdout as { isTTY?: boolean }).isTTY === true;
  if (!terminals || options.json) throw new AutoscaleError(NO_TERMINAL);
  const stop = new AbortController();
  const address = findAdmin(options, { cwd: process.cwd(), env: process.env });
  const client = adminClient(address, options.timeoutSeconds, stop.signal);
  const view = liveView(firstModel(client.url, await snapshot(client)), () => {
    stop.abort();
  });
  try {
    await follow(client, view, options.intervalSeconds, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    view.terminal.close();
  }
}

const NO_TERMINAL = {
  code: "E_NO_TERMINAL",
  message: "top needs a terminal to show itself on and to take keys from",
  remedy: "In scripts use autoscale-lua status --json.",
};

async function snapshot(client: AdminClient): Promise<Snapshot> {
  const [value, decisions] = await Promise.all([client.get("/status"), fetchDecisions(client, DECISIONS)]);
  return { status: readStatus(value, client.url), decisions };
}

interface LiveView {
  readonly terminal: Terminal;
  model(): TopModel;
  change(next: Partial<TopModel>): void;
}

function liveView(first: TopModel, quit: () => void): LiveView {
  let model = first;
  let room = 0;
  const draw = (): void => {
    const frame = topFrame(model, terminal.size(), Date.now() / 1000);
    // So that a key back has an effect at once after many keys beyond the end.
    model = { ...model, scroll: frame.scroll };
    room = frame.room;
    terminal.show(frame.lines);
  };
  const onKey = (key: string): void => {
    const next = pressed(model, key, room);
    if (next === "quit") {
      quit();
      return;
    }
    model = next;
    draw();
  };
  const terminal = openTerminal({ input: process.stdin, output: process.stdout }, paint, {
    onKey,
    onRedraw: draw,
    onEnd: quit,
  });
  draw();
  return {
    terminal,
    model: () => model,
    change: (next) => {
      model = { ...model, ...next };
      draw();
    },
  };
}

/** Asks again and again; rejects when it is stopped. */
async function follow(
  client: AdminClient,
  view: LiveView,
  intervalSeconds: number,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    await sleep(intervalSeconds * 1000, undefined, { signal });
    if (view.model().paused) continue;
    try {
      const next = await snapshot(client);
      if (!view.model().paused) view.change({ ...next, lost: undefined });
    } catch (error) {
      if (!(error instanceof AutoscaleError)) throw error;
      signal.throwIfAborted();
      const since = view.model().lost?.since ?? Date.now() / 1000;
      view.change({ lost: { since, why: error.problems[0]?.message ?? "" } });
    }
  }
}
