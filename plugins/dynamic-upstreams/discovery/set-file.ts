import { percentText } from "../../_core/percent-text.ts";
import type { Files } from "../../_kit/ports.ts";

/** No sets are larger. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Sets may change with every event of a source: the disk is asked no more often than this … */
const LEAST_SECONDS = 1;
/** … and when it could not write, after this. */
const RETRY_SECONDS = 30;

/**
 * The last known sets of one upstream on the disk, for a start at which no source answers.
 * @noSelf
 */
export interface SetFile {
  /** What was kept; undefined when nothing was, or it cannot be read. */
  read(): string | undefined;
  /**
   * Call it each second with the text as it is now: it is written when it is another than what is there.
   * @returns why it is not on the disk, or undefined
   */
  keep(text: string, nowSeconds: number): string | undefined;
}

export function createSetFile(upstream: string, files: Files): SetFile {
  const folder = files.stateFolder();
  const path = folder === undefined ? undefined : `${folder}/upstream-${percentText(upstream)}.json`;
  let kept: string | undefined;
  let problem: string | undefined;
  let notBeforeSeconds = 0;

  return {
    read: () => {
      kept = path === undefined ? undefined : files.read(path, MOST_BYTES);
      return kept;
    },
    keep: (text, nowSeconds) => {
      if (path === undefined || text === kept || nowSeconds < notBeforeSeconds) {
        return problem;
      }
      problem = files.writeWhole(path, text);
      notBeforeSeconds = nowSeconds + (problem === undefined ? LEAST_SECONDS : RETRY_SECONDS);
      kept = problem === undefined ? text : kept;
      return problem;
    },
  };
}
