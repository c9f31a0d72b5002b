import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Absolute path of the checkout. */
export const root = join(import.meta.dirname, "../..");

/** Tests and their helpers, which stand beside what they test. */
export function isTest(path: string): boolean {
  return /(\.test|\.test-d|\.test-support|\.cases|\.examples|\/test-rig|\/testing\/[^/]+)\.ts$/.test(path);
}

/** The text of a file of the checkout. */
export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Source files that git would leave out of a clone. */
export function ignoredSources(): readonly string[] {
  const rooms = ["cli", "plugins", "nginx", "templates", "test", "docs"];
  const listed = listFiles("--others", "--ignored", "--exclude-standard", "--", ...rooms);
  return listed.filter((path) => /\.(ts|mjs|hbs|lua|yaml|md)$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path));
}

/**
 * Paths of the files that belong to the project, those not yet committed included, relative to the root.
 * @param patterns git pathspecs; none: everything
 */
export function projectFiles(...patterns: readonly string[]): readonly string[] {
  return listFiles("--cached", "--others", "--exclude-standard", "--", ...patterns);
}

function listFiles(...options: readonly string[]): readonly string[] {
  const git = ["ls-files", "-z", ...options];
  const listed = execFileSync("git", git, { cwd: root, encoding: "utf8", maxBuffer: 1e8 }).split("\0");
  return [...new Set(listed)].filter((path) => path !== "" && existsSync(join(root, path))).sort();
}
