import type { Exposition, ExpositionSink } from "../../plugins/_kit/handlers.ts";

/** So much is gathered before nginx is called. */
const CHUNK_BYTES = 32768;

/** nginx's shortest: a timer of 0 is due again in the same turn of the event loop, and nobody else gets a turn. */
const YIELD_SECONDS = 0.001;

/** Thrown through an exposition when the scraper has gone: nothing more is to be written. */
const GONE = {};
/** Lua's `error` takes any value. */
const stop = error as unknown as (this: void, thrown: object) => never;

/**
 * Writes expositions to the client in pieces, in a content phase. What a slow client has not taken waits with us: no more
 * than one pause's worth lies in memory.
 * @noSelf
 */
export interface MetricsStream {
  /** Writes one exposition. Its whole lines hold even where it throws. */
  write(exposition: Exposition, fault: (this: void, thrown: unknown) => void): void;
  /** Sends what is left. */
  finish(tail: string): void;
}

export function metricsStream(openMetrics: boolean): MetricsStream {
  let parts: string[] = [];
  let bytes = 0;
  let gone = false;

  function send(): void {
    if (bytes > 0 && !gone) {
      const [sent] = ngx.print(parts);
      gone = sent === undefined;
    }
    parts = [];
    bytes = 0;
  }

  function add(lines: string): void {
    parts.push(lines);
    bytes += lines.length;
    if (string.byte(lines, -1) !== 10) {
      parts.push("\n");
    }
    if (bytes >= CHUNK_BYTES) {
      send();
    }
  }

  const sink: ExpositionSink = {
    openMetrics,
    write: (lines) => {
      if (gone) {
        stop(GONE);
      }
      if (lines !== "") {
        add(lines);
      }
    },
    pieces: (list) => {
      if (gone) {
        stop(GONE);
      }
      for (const piece of list) {
        parts.push(piece);
        bytes += piece.length;
      }
      if (bytes >= CHUNK_BYTES) {
        send();
      }
    },
    pause: () => {
      send();
      if (!gone) {
        const [flushed] = ngx.flush(true);
        gone = flushed === undefined;
      }
      if (gone) {
        stop(GONE);
      }
      // A flush that found room did not yield.
      ngx.sleep(YIELD_SECONDS);
    },
  };

  return {
    write: (exposition, fault) => {
      if (!gone) {
        const [ok, thrown] = pcall(exposition.write, sink);
        if (!ok && thrown !== GONE) {
          fault(thrown);
        }
      }
    },
    finish: (tail) => {
      if (tail !== "") {
        add(tail);
      }
      send();
    },
  };
}
