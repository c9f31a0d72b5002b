/** How each worker of the node does, written by itself each second where all workers can read it. */
import type { Store } from "../../plugins/_kit/ports.ts";
import type { WorkerSlot } from "./worker-slot.ts";

/** A worker that has written nothing for so long is gone, or stalled. */
const LIVE_SECONDS = 5;

export interface WorkerVitals {
  /** Since the process began; 0 where the kernel does not tell. */
  readonly cpuSeconds: number;
  /** Share of one processor over the last second. */
  readonly cpuShare: number;
  readonly memoryBytes: number;
  readonly luaBytes: number;
  readonly lagSeconds: number;
  /** 0 to 1. */
  readonly pressure: number;
}

let store: Store | undefined;
let slots: WorkerSlot | undefined;

function keyOf(slot: number): string {
  return `worker:${string.format("%d", slot)}`;
}

/** Called once in a worker, before the others. */
export function openVitals(ownStore: Store, ownSlots: WorkerSlot): void {
  store = ownStore;
  slots = ownSlots;
}

export function writeVitals(vitals: WorkerVitals): void {
  if (store !== undefined && slots !== undefined) {
    const { cpuSeconds, cpuShare, memoryBytes, luaBytes, lagSeconds, pressure } = vitals;
    const text = string.format(
      "%.2f %.4f %.0f %.0f %.3f %.4f",
      cpuSeconds,
      cpuShare,
      memoryBytes,
      luaBytes,
      lagSeconds,
      pressure,
    );
    store.set(keyOf(slots.slot()), text, LIVE_SECONDS);
  }
}

function parse(text: string): WorkerVitals {
  const [cpu, share, memory, lua, lag, pressure] = string.match(text, "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$");
  return {
    cpuSeconds: tonumber(cpu) ?? 0,
    cpuShare: tonumber(share) ?? 0,
    memoryBytes: tonumber(memory) ?? 0,
    luaBytes: tonumber(lua) ?? 0,
    lagSeconds: tonumber(lag) ?? 0,
    pressure: tonumber(pressure) ?? 0,
  };
}

/** Those alive, by slot. */
export function readVitals(): LuaMap<number, WorkerVitals> {
  const found = new LuaMap<number, WorkerVitals>();
  if (store !== undefined && slots !== undefined) {
    for (const slot of $range(0, slots.highestSlot())) {
      const text = store.get(keyOf(slot));
      if (type(text) === "string") {
        found.set(slot, parse(text as string));
      }
    }
  }
  return found;
}
