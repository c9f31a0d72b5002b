import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./compile/places.ts";

/** The product's version, from package.json. */
export function productVersion(): string {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
