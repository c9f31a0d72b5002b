import type { Timeouts } from "../model.ts";

/** What holds where nothing is written, in seconds. */
export const DEFAULT_TIMEOUTS: Timeouts = { connectSeconds: 1, sendSeconds: 30, readSeconds: 30 };

interface WrittenTimeouts {
  readonly connect?: number;
  readonly send?: number;
  readonly read?: number;
}

/** The outer timeouts with those that are written put over them. */
export function overlay(outer: Timeouts, written: WrittenTimeouts): Timeouts {
  return {
    connectSeconds: written.connect ?? outer.connectSeconds,
    sendSeconds: written.send ?? outer.sendSeconds,
    readSeconds: written.read ?? outer.readSeconds,
  };
}
