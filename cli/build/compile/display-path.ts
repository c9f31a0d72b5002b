import { isAbsolute, relative } from "node:path";

/** As shown to people: relative to the working directory where that is shorter. */
export function displayPath(file: string): string {
  if (!isAbsolute(file)) return file;
  const short = relative(process.cwd(), file);
  return short !== "" && short.length < file.length ? short : file;
}
