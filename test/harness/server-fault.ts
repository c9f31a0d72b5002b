import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What goes wrong at a server. */
export type ServerFault =
  /** The connection ends without an answer. */
  | "drop"
  /** Nothing is ever answered. */
  | "silence"
  /** 200, and a page of some proxy. */
  | "garbage"
  /** An answer that ends in its middle. */
  | "half"
  | { readonly status: number; readonly body?: string }
  /** The right answer, too late maybe. */
  | { readonly delaySeconds: number };

const PAGE = "<!doctype html><title>Sign in</title>";

/** Does it. @returns false when the right answer is to follow */
export async function commit(fault: ServerFault | undefined, response: ServerResponse): Promise<boolean> {
  if (fault === undefined) return false;
  if (fault === "silence") return true;
  if (fault === "drop") {
    response.destroy();
  } else if (fault === "garbage") {
    response.writeHead(200, { "Content-Type": "text/html" }).end(PAGE);
  } else if (fault === "half") {
    response.writeHead(200, { "Content-Length": "1000" }).write('[{"targets": [', () => response.destroy());
  } else if ("status" in fault) {
    response.writeHead(fault.status).end(fault.body ?? "");
  } else {
    await sleep(fault.delaySeconds * 1000, undefined, { ref: false });
    return false;
  }
  return true;
}
