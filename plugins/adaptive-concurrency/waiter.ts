import type { Gate } from "../_kit/ports.ts";
import type { Priority } from "./priority.ts";

/** `waiting`, or what has become of it: a place was found, a more important request took its place in the queue, or it ended. */
export type WaiterState = "waiting" | "granted" | "displaced" | "over";

/** A request of this worker that waits for a place. */
export interface Waiter {
  readonly handle: number;
  readonly priority: Priority;
  /** Posted when its state changes, or when it has become the first. */
  readonly gate: Gate;
  state: WaiterState;
  /** In the order they came, within the priority. */
  before: Waiter | undefined;
  after: Waiter | undefined;
}
