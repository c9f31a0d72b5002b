import type { Path } from "../../../plugins/_kit/schema/index.ts";
import type { Problem } from "../../errors.ts";

/** Something wrong in gateway.yaml, at the keys that lead to it; the line and column are looked up later. */
export interface FoundProblem extends Pick<Problem, "code" | "message" | "remedy"> {
  readonly keys: Path;
  /** Point at the key and not at its value. */
  readonly atKey?: boolean;
  /** Where it stands in the text, when the keys do not tell. */
  readonly offset?: number;
}

/** Takes one problem; the loader goes on, to find the others. */
export type Report = (problem: FoundProblem) => void;
