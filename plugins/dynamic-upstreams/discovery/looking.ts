import { backOffSeconds, spreadSeconds } from "../../_core/back-off.ts";
import type { Found, SourcePorts } from "./source.ts";

/** What one look gave. */
export interface Look {
  readonly found: Found;
  /** Until the next look. Where it is absent after a problem, the waits grow with each problem in a row. */
  readonly waitSeconds?: number;
}

/** Looks again and again, as `Source.run` says. */
export function lookRepeatedly(
  ports: SourcePorts,
  look: () => Look,
  report: (found: Found) => void,
  running: () => boolean,
): void {
  let problems = 0;
  while (running()) {
    const { found, waitSeconds } = look();
    // A look may take minutes, in which the work may have gone to another worker.
    if (!running()) {
      return;
    }
    report(found);
    problems = found.peers === undefined ? problems + 1 : 0;
    const random = ports.random.next();
    const seconds = waitSeconds === undefined ? backOffSeconds(problems, random) : spreadSeconds(waitSeconds, random);
    if (!ports.tasks.sleep(seconds)) {
      return;
    }
  }
}
