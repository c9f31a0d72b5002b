import * as ffi from "ffi";
import type { Files } from "../../plugins/_kit/ports.ts";

/** Nobody else may look into it: it holds what plugins know. */
const FOLDER_MODE = 0o700;

// Under a name of our own: others in this Lua may have declared the function too.
ffi.cdef('int autoscale_mkdir(const char *path, unsigned int mode) __asm__("mkdir");');
/** @noSelf */
interface Folders {
  autoscale_mkdir(path: string, mode: number): number;
}

/** An open file with all that its methods return; a call that is cast does not count as one with several results. */
interface OpenFile {
  read(count: number): LuaMultiReturn<[text: string | undefined, problem: string | undefined]>;
  write(text: string): LuaMultiReturn<[file: OpenFile | undefined, problem: string | undefined]>;
  close(): LuaMultiReturn<[closed: boolean | undefined, problem: string | undefined]>;
}

/** Where the host lets workers write; undefined until it says so. */
let folder: string | undefined;

/**
 * Called by the host before any plugin starts. The folder is made when it is not there and can be; else whoever writes is told.
 * @param path absolute, without a slash at its end
 */
export function setStateFolder(path: string): void {
  folder = path;
  (ffi.C as Folders).autoscale_mkdir(path, FOLDER_MODE);
}

function read(path: string, maxBytes: number): string | undefined {
  const [opened] = io.open(path, "rb");
  if (opened === undefined) {
    return undefined;
  }
  const file = opened as unknown as OpenFile;
  // At the end of a file there is no text and no problem; of a folder there is one.
  const [text, problem] = file.read(maxBytes);
  file.close();
  return problem === undefined ? (text ?? "") : undefined;
}

/** Undefined when all is written and in the kernel's hands, else why not: a disk that is full says so late. */
function writeAll(path: string, text: string): string | undefined {
  const [opened, unopened] = io.open(path, "wb");
  if (opened === undefined) {
    return unopened;
  }
  const file = opened as unknown as OpenFile;
  const [written, unwritten] = file.write(text);
  const [closed, unclosed] = file.close();
  if (written === undefined) {
    return unwritten;
  }
  return closed === true ? undefined : (unclosed ?? "it cannot be closed");
}

/** The disk is not told to keep it now: after a loss of power the file may be an older one, or empty. */
function writeWhole(path: string, text: string): string | undefined {
  // Workers of before a reload write too, each its own.
  const draft = `${path}.${string.format("%d", ngx.worker.pid())}.new`;
  const problem = writeAll(draft, text);
  if (problem !== undefined) {
    os.remove(draft);
    return problem;
  }
  const [renamed, refusal] = os.rename(draft, path);
  if (renamed === true) {
    return undefined;
  }
  os.remove(draft);
  return refusal;
}

export const workerFiles: Files = { read, writeWhole, stateFolder: () => folder };
