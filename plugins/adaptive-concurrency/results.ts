/** What became of requests, by priority: counted in the worker, and added to the dict each second. */
import type { EmitMetric } from "../_kit/handlers.ts";
import type { LimitCell } from "./limit-cell.ts";
import type { Priority } from "./priority.ts";

export type Result = "admitted" | "queued" | "shed" | "would_shed";

const RESULTS: readonly Result[] = ["admitted", "queued", "shed", "would_shed"];

function keyOf(cell: LimitCell, priority: Priority, result: Result): string {
  return `${cell.prefix}${result}:${priority.name}`;
}

function add(cell: LimitCell, priority: Priority, result: Result, count: number): void {
  if (count > 0) {
    cell.store.incr(keyOf(cell, priority, result), count, 0, 0);
  }
}

export function flushResults(cell: LimitCell): void {
  for (const priority of cell.priorities.ranked) {
    add(cell, priority, "admitted", priority.admitted);
    add(cell, priority, "queued", priority.queued);
    add(cell, priority, "shed", priority.shed);
    add(cell, priority, "would_shed", priority.wouldShed);
    priority.admitted = 0;
    priority.queued = 0;
    priority.shed = 0;
    priority.wouldShed = 0;
  }
}

function countOf(cell: LimitCell, priority: Priority, result: Result): number {
  const value = cell.store.get(keyOf(cell, priority, result));
  return typeof value === "number" ? value : 0;
}

/** How many of all priorities and workers. */
export function totalOf(cell: LimitCell, result: Result): number {
  let sum = 0;
  for (const priority of cell.priorities.ranked) {
    sum += countOf(cell, priority, result);
  }
  return sum;
}

export function emitResults(cell: LimitCell, emit: EmitMetric): void {
  const help = "Requests by what the concurrency limit did with them; queued ones waited and then went on.";
  for (const priority of cell.priorities.ranked) {
    for (const result of RESULTS) {
      const labels = { concurrency: cell.id, priority: priority.name, result };
      emit("gateway_concurrency_requests_total", "counter", help, labels, countOf(cell, priority, result));
    }
  }
}
