/**
 * A number for each live worker of the node, from 0. `ngx.worker.id` does not do: after a reload the workers that finish
 * their requests have the ids of the new ones. A slot is held until its process has gone: a worker that finishes runs no
 * timers, so it could renew no lease.
 */
import * as ffi from "ffi";
import type { Store } from "../../plugins/_kit/ports.ts";
import { claimSlot, highestSlot, holderOf, keepSlot } from "./slot-claim.ts";
import { atExit } from "./worker-exit.ts";
import { timerScope } from "./worker-timer.ts";

const KEEP_SECONDS = 1;
/** errno: no such process. Another errno means that it is there and belongs to somebody else. */
const ESRCH = 3;

// Under a name of our own: others in this Lua may have declared the function with types of theirs.
ffi.cdef('int autoscale_kill(int pid, int signal) __asm__("kill");');
/** @noSelf */
interface Signals {
  autoscale_kill(pid: number, signal: number): number;
}
const signals = ffi.C as Signals;

/** Signal 0 asks only. */
function isAlive(pid: number): boolean {
  return signals.autoscale_kill(pid, 0) === 0 || ffi.errno() !== ESRCH;
}

/** @noSelf */
export interface WorkerSlot {
  slot(): number;
  highestSlot(): number;
  /** The pid of the live worker that has the slot. */
  holderOf(slot: number): number | undefined;
}

/** Takes a slot and keeps it as long as this worker lives. */
export function takeSlot(store: Store): WorkerSlot {
  const pid = ngx.worker.pid();
  let own = claimSlot(store, pid, isAlive);
  const keep = (): void => {
    own = keepSlot(store, pid, isAlive, own);
  };
  timerScope().timer.every(KEEP_SECONDS, keep);
  atExit(keep);
  return {
    slot: () => own,
    highestSlot: () => highestSlot(store, isAlive, own),
    holderOf: (slot) => holderOf(store, isAlive, slot),
  };
}
