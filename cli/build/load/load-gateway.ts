import { readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { AutoscaleError } from "../../errors.ts";
import type { Environment } from "./environment.ts";
import { parseGateway, type LoadedGateway } from "./parse-gateway.ts";
import type { FileKind } from "./site.ts";

export interface LoadOptions {
  readonly env: Environment;
  /** The folder that `file` starts from, and that names of files in messages are relative to. */
  readonly cwd: string;
}

/** Larger than any gateway.yaml that people write. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads gateway.yaml. Throws an AutoscaleError that holds every problem found. */
export function loadGateway(file: string, options: LoadOptions): LoadedGateway {
  const path = resolve(options.cwd, file);
  const fromHere = relative(options.cwd, path);
  const shownFile = fromHere.length < path.length ? fromHere : path;
  const text = readText(path, shownFile);
  return parseGateway(text, { file: path, shownFile, env: options.env, kindOf });
}

function readText(path: string, file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new AutoscaleError({ file, ...unreadable(error as NodeJS.ErrnoException) });
  }
  if (bytes.length > MAX_BYTES) {
    throw new AutoscaleError({
      code: "E_FILE_TOO_LARGE",
      file,
      message: "found more than 4 MiB, allowed: up to 4 MiB",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const remedy = "Save the file as UTF-8.";
    throw new AutoscaleError({ code: "E_YAML_SYNTAX", file, message: "found text that is not UTF-8", remedy });
  }
}

function unreadable(error: NodeJS.ErrnoException): { code: string; message: string; remedy: string } {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    const remedy = "Name the file, or make one with autoscale-lua init.";
    return { code: "E_FILE_NOT_FOUND", message: "there is no such file", remedy };
  }
  if (error.code === "EISDIR") {
    return {
      code: "E_FILE_NOT_FOUND",
      message: "found a folder, allowed: a file",
      remedy: "Name the gateway.yaml in it.",
    };
  }
  return { code: "E_FILE_UNREADABLE", message: error.message, remedy: "Make the file readable for this user." };
}

/** What cannot be looked at counts as missing: nginx could not read it either. */
function kindOf(path: string): FileKind {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}
