import { AutoscaleError } from "../errors.ts";

/** What the file system says when the place, and not the program, is at fault. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: "Choose another --out, or make that folder writable for you.",
  EPERM: "Choose another --out, or make that folder writable for you.",
  EROFS: "Choose another --out: that file system is read-only.",
  ENOSPC: "Free some space, or choose another --out.",
  EDQUOT: "Free some space, or choose another --out.",
  ENOTDIR: "Choose another --out: a file is in the way.",
  EEXIST: "Choose another --out: a file is in the way.",
  ENAMETOOLONG: "Choose another --out: that path is too long.",
};

/**
 * Runs what writes below `place`.
 * @throws AutoscaleError `E_OUT_WRITE` when the file system does not let it
 */
export async function writing<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const remedy = REMEDIES[code];
    if (remedy === undefined) throw error;
    throw new AutoscaleError({ code: "E_OUT_WRITE", message: `cannot write ${place}: ${message}`, remedy });
  }
}
