import type { Clock, Dns, Files, Http, Json, Log, Random, Tasks } from "../../_kit/ports.ts";
import type { PeerEntry } from "../peer.ts";

/** What a source found, or what kept it from finding anything. */
export interface Found {
  /** The whole set; absent when there is a problem. */
  readonly peers?: readonly PeerEntry[];
  /** One short sentence. */
  readonly problem?: string;
  /** What of the answer could not be used, beside the peers that can. One short sentence. */
  readonly note?: string;
}

/** What sources may use. */
export interface SourcePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tasks: Tasks;
  readonly http: Http;
  readonly dns: Dns;
  readonly files: Files;
  readonly json: Json;
}

/**
 * One place where peers are found.
 * @noSelf
 */
export interface Source {
  /** For people: `consul users at 127.0.0.1:8500`. Never a secret. */
  readonly name: string;
  /** What can be told at once, without waiting for anybody: a worker that begins with it has peers for its first request. */
  atOnce?(): Found;
  /**
   * Looks until `running` says false or a wait of `tasks` does, in a background task of its own, and reports whenever it has
   * looked: also when nothing changed, and each problem. Waits between looks, longer after problems, with jitter.
   */
  run(report: (found: Found) => void, running: () => boolean): void;
}
