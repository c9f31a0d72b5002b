import { execFile } from "node:child_process";

/** What `promtool check metrics` says of a text: nothing where all is well. */
export function promtool(text: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile("promtool", ["check", "metrics"], (error, stdout, stderr) => {
      resolve(`${error === null ? "" : error.message}${stdout}${stderr}`);
    });
    child.stdin?.end(text);
  });
}
