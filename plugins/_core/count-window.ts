import { callsOf } from "./packed-counts.ts";

/**
 * The last `span` calls, from a counter that only grows: now minus a snapshot at least `span` calls old. Snapshots are
 * taken every `step` calls (a tenth of the span), so the window spans `span` to `span + step` calls, and as many
 * more as came between two looks at the counter. Before `span` calls exist it spans all of them.
 */
interface CountWindow {
  readonly span: number;
  readonly step: number;
  /** The counter as last seen, and its calls. */
  packed: number;
  calls: number;
  /** The snapshot the window is counted from. */
  basePacked: number;
  baseCalls: number;
  /** Later snapshots, oldest first, in a ring. Negative after `rebase`: taken before the counter began. */
  readonly snapshotPacked: number[];
  readonly snapshotCalls: number[];
  first: number;
  count: number;
}

/** Enough for `span / step` snapshots younger than `span`, and one to come. */
const RING = 12;

/**
 * @param span how many calls, 1 to 10000
 * @param packed the counter when the window begins: 0 for a counter that begins too
 */
function newCountWindow(span: number, packed: number): CountWindow {
  const calls = callsOf(packed);
  const window: CountWindow = {
    span,
    step: Math.ceil(span / 10),
    packed,
    calls,
    basePacked: packed,
    baseCalls: calls,
    snapshotPacked: [],
    snapshotCalls: [],
    first: 0,
    count: 0,
  };
  for (let index = 0; index < RING; index++) {
    window.snapshotPacked[index] = 0;
    window.snapshotCalls[index] = 0;
  }
  return window;
}

/** Begins the window anew at `packed`. */
function clearCountWindow(window: CountWindow, packed: number): void {
  window.packed = packed;
  window.calls = callsOf(packed);
  window.basePacked = packed;
  window.baseCalls = window.calls;
  window.first = 0;
  window.count = 0;
}

function snapshot(window: CountWindow): void {
  if (window.count === RING) {
    return;
  }
  let index = window.first + window.count;
  if (index >= RING) {
    index -= RING;
  }
  window.snapshotPacked[index] = window.packed;
  window.snapshotCalls[index] = window.calls;
  window.count += 1;
}

/** Takes note of the counter. One that shrank was lost and began anew, and so does the window. */
function observeCount(window: CountWindow, packed: number): void {
  const calls = callsOf(packed);
  if (calls < window.calls) {
    clearCountWindow(window, 0);
  }
  window.packed = packed;
  window.calls = calls;
  const oldest = calls - window.span;
  while (window.count > 0 && (window.snapshotCalls[window.first] ?? 0) <= oldest) {
    window.basePacked = window.snapshotPacked[window.first] ?? 0;
    window.baseCalls = window.snapshotCalls[window.first] ?? 0;
    window.first = window.first + 1 === RING ? 0 : window.first + 1;
    window.count -= 1;
  }
  let last = window.baseCalls;
  if (window.count > 0) {
    const index = window.first + window.count - 1;
    last = window.snapshotCalls[index >= RING ? index - RING : index] ?? 0;
  }
  if (calls - last >= window.step) {
    snapshot(window);
  }
}

/** The counter was replaced by one that begins at 0: what was seen so far stays in the window. */
function rebaseCountWindow(window: CountWindow): void {
  for (let index = 0; index < RING; index++) {
    window.snapshotPacked[index] = (window.snapshotPacked[index] ?? 0) - window.packed;
    window.snapshotCalls[index] = (window.snapshotCalls[index] ?? 0) - window.calls;
  }
  window.basePacked -= window.packed;
  window.baseCalls -= window.calls;
  window.packed = 0;
  window.calls = 0;
}

/** Packed counts of the calls in the window. */
function windowCounts(window: CountWindow): number {
  return window.packed - window.basePacked;
}

export { clearCountWindow, newCountWindow, observeCount, rebaseCountWindow, windowCounts };
export type { CountWindow };
