/**
 * Who the members of an upstream are, in one worker. The keeper runs the sources and tells the others what they found; every
 * worker merges it for itself. What was found last is in shared memory, over a reload, and on the disk, over a restart.
 */
import type { EmitMetric, WorkerHost } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import type { Config } from "./config.ts";
import { createFederation, type SourceStatus } from "./discovery/federation.ts";
import { createSetFile } from "./discovery/set-file.ts";
import { decodeSets, encodeSets } from "./discovery/snapshot-text.ts";
import { publish, publishedVersion, readPublished } from "./discovery/snapshot-store.ts";
import type { Found } from "./discovery/source.ts";
import { createSources, fixedPeers } from "./discovery/sources.ts";
import { decodeStatuses, encodeStatuses } from "./discovery/statuses-text.ts";
import { membersTeller } from "./members-teller.ts";
import type { PeerEntry } from "./peer.ts";

/** @noSelf */
export interface Members {
  entries(): readonly PeerEntry[];
  /** Four times a second: takes over what the keeper found, or tells it. True when `entries` are others than before. */
  follow(): boolean;
  /** In the keeper: runs the sources in background tasks until `running` says false. `changed` is called with each new set. */
  lead(running: () => boolean, changed: () => void): void;
  /** Each second, in the keeper: keeps what was found on the disk, and tells how the sources do. */
  keep(nowSeconds: number): void;
  /** How the sources do, by the keeper's last word. */
  sources(): readonly SourceStatus[];
  metrics(emit: EmitMetric): void;
}

/** How the sources do is told again after at most so long, and forgotten when nobody does. */
const STATUS_SECONDS = 60;

export function createMembers(upstream: string, config: Config, worker: WorkerHost, store: Store): Members {
  const { clock, random, log, tasks, http, dns, files, json } = worker;
  const sources = createSources(config, { clock, random, log, tasks, http, dns, files, json });
  const federation = createFederation(fixedPeers(config), sources);
  const file = createSetFile(upstream, files);
  const teller = membersTeller(upstream, worker.events);
  const name = `members:${upstream}`;
  const statusKey = `sources:${upstream}`;
  let version = 0;
  let isLeading = (): boolean => false;
  let untold = false;
  let isOther = false;
  let complained: string | undefined;
  /** The sets as text, until they change. */
  let text: string | undefined;

  function textNow(): string {
    text ??= encodeSets(federation.sets(), json);
    return text;
  }

  function restore(kept: string | undefined): boolean {
    const sets = kept === undefined ? undefined : decodeSets(kept, json);
    text = undefined;
    return sets !== undefined && federation.restore(sets);
  }

  /** The keeper's part of `follow`: it tells, and tells again when somebody else has told something. */
  function tell(): void {
    if (untold || publishedVersion(store, name) !== version) {
      const told = publish(store, name, textNow());
      if (told !== undefined) {
        version = told;
        untold = false;
      }
    }
  }

  function take(): boolean {
    const published = readPublished(store, name, version);
    if (published === undefined) {
      return false;
    }
    version = published.version;
    return restore(published.text);
  }

  /** @returns true when the set is another */
  function report(source: number, found: Found): boolean {
    const before = federation.peers();
    const isNew = federation.report(source, found, clock.now());
    if (isNew) {
      untold = true;
      isOther = true;
      text = undefined;
      teller.changed(sources[source]?.name ?? "", before, federation.peers());
    }
    teller.heard(federation.statuses());
    return isNew;
  }

  function runSource(index: number, running: () => boolean, changed: () => void): void {
    tasks.start(() => {
      sources[index]?.source.run((found) => {
        if (report(index, found)) {
          changed();
        }
      }, running);
    });
  }

  function statuses(): readonly SourceStatus[] {
    const value = sources.length === 0 ? undefined : store.get(statusKey);
    return typeof value === "string" ? decodeStatuses(value, json) : [];
  }

  /** What was known before; then what is known without waiting. */
  function begin(): void {
    if (!take()) {
      restore(file.read());
    }
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]?.source;
      if (source?.atOnce !== undefined) {
        federation.report(i, source.atOnce(), clock.now());
      }
    }
  }

  if (sources.length > 0) {
    begin();
  }
  return {
    entries: federation.peers,
    follow: () => {
      if (sources.length === 0) {
        return false;
      }
      if (!isLeading()) {
        return take();
      }
      const changed = isOther;
      isOther = false;
      tell();
      return changed;
    },
    lead: (running, changed) => {
      isLeading = running;
      untold = true;
      // What the keeper before this one told last is the beginning.
      isOther = sources.length > 0 && take();
      for (let i = 0; i < sources.length; i++) {
        runSource(i, running, changed);
      }
    },
    keep: (now) => {
      if (sources.length === 0) {
        return;
      }
      store.set(statusKey, encodeStatuses(federation.statuses(), json), STATUS_SECONDS);
      const problem = federation.sets().length === 0 ? undefined : file.keep(textNow(), now);
      if (problem !== undefined && problem !== complained) {
        log.warn(
          `upstream "${upstream}": the last known peers cannot be kept on the disk, so a restart would lose them: ${problem}`,
        );
      }
      complained = problem;
    },
    sources: statuses,
    metrics: (emit) => {
      for (const { name: source, state } of statuses()) {
        const labels = { upstream, source };
        emit("gateway_discovery_up", "gauge", "1 while a source of peers answers.", labels, state === "ok" ? 1 : 0);
      }
    },
  };
}
