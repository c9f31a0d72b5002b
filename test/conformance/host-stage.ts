import type { Backend } from "../harness/backend.ts";
import type { Answer, RequestOptions } from "../harness/http-request.ts";
import type { HostUnderTest } from "./host-under-test.ts";

/** Everything about the probe is asked of one gateway. */
export interface Stage {
  readonly host: HostUnderTest;
  readonly one: Backend;
  readonly other: Backend;
  get(path: string, headers?: Record<string, string>, options?: RequestOptions): Promise<Answer>;
  /** What the probe of a route saw of the request with this id: `status who mark duration`. */
  saw(route: string, id: string): Promise<string>;
  /** What the probe of a route shows under this name, once it is of the request with this id. */
  shown(route: string, name: "saw" | "told" | "keeper", id: string): Promise<string>;
}

export interface ProbeCase {
  readonly name: string;
  run(stage: Stage): Promise<void>;
}
