import { resolve } from "node:path";
import type { Path } from "../../../plugins/_kit/schema/index.ts";
import type { Report } from "./found-problem.ts";

export type FileKind = "file" | "folder" | undefined;

/** What resolving needs beside the text: where gateway.yaml lies, what lies around it, and whom to tell. */
export interface Site {
  /** Absolute folder of gateway.yaml. */
  readonly folder: string;
  readonly kindOf: (path: string) => FileKind;
  readonly report: Report;
}

/** The absolute path of a file or folder that must exist. */
export function existing(site: Site, written: string, kind: "file" | "folder", keys: Path): string {
  const path = resolve(site.folder, written);
  const found = site.kindOf(path);
  if (found !== kind) {
    const message =
      found === undefined ? `found no ${kind} ${path}` : `found a ${found} at ${path}, allowed: a ${kind}`;
    site.report({ code: "E_FILE_NOT_FOUND", keys, message, remedy: "Paths are relative to gateway.yaml." });
  }
  return path;
}
