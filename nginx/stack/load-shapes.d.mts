export interface Load {
  /** Requests a second. */
  readonly rps: number;
  /** Share of the requests, 0 to 1, that ask for a 500. */
  readonly errorRate: number;
}

export declare const SHAPE_NAMES: readonly string[];

/** See `load-shapes.mjs`. */
export function loadAt(shape: string, ordinary: Load, seconds: number): Load;

/** See `load-shapes.mjs`. */
export function requestAt(
  index: number,
  fails: boolean,
): { readonly method: string; readonly path: string; readonly body: string | undefined };
