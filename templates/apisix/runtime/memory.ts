import type { RequestMemory } from "../../../nginx/runtime/request-context.ts";

interface Remembered {
  [key: string]: unknown;
}

/** A plugin's memory for the request in hand. */
export interface PluginMemory extends RequestMemory {
  /** Call at the end of log, the last phase. */
  readonly forget: (this: void) => void;
}

/**
 * Memory in one field of ngx.ctx. Reading ngx.ctx costs about 1,600 instructions, so it is touched only while some request
 * of this worker has something remembered: `live` counts them, and is nearly always 0.
 */
export function createMemory(field: string): PluginMemory {
  let live = 0;
  return {
    remember: (key, value) => {
      let present = ngx.ctx[field] as Remembered | undefined;
      if (present === undefined) {
        present = {};
        ngx.ctx[field] = present;
        live += 1;
      }
      present[key] = value;
    },
    recall: (key) => {
      if (live === 0) {
        return undefined;
      }
      const present = ngx.ctx[field] as Remembered | undefined;
      return present === undefined ? undefined : present[key];
    },
    forget: () => {
      if (live > 0 && ngx.ctx[field] !== undefined) {
        ngx.ctx[field] = undefined;
        live -= 1;
      }
    },
  };
}
