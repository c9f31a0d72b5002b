import type { Files } from "../../plugins/_kit/ports.ts";

/** Where the host lets workers write; undefined until it says so. */
let folder: string | undefined;

/** Called by the host before any plugin starts. @param path absolute, with the slash at its end */
export function setStateFolder(path: string): void {
  folder = path;
}

function read(path: string, maxBytes: number): string | undefined {
  const [file] = io.open(path, "rb");
  if (file === undefined) {
    return undefined;
  }
  // At the end of a file there is no text and no problem; of a folder there is one.
  const [text, problem] = file.read(maxBytes) as unknown as LuaMultiReturn<[string | undefined, string | undefined]>;
  file.close();
  return problem === undefined ? (text ?? "") : undefined;
}

/** Undefined when all is written and in the kernel's hands, else why not: a disk that is full says so late. */
function writeAll(path: string, text: string): string | undefined {
  const [file, unopened] = io.open(path, "wb");
  if (file === undefined) {
    return unopened;
  }
  const [written, unwritten] = file.write(text);
  const [closed, unclosed] = file.close() as unknown as LuaMultiReturn<[boolean | undefined, string | undefined]>;
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
