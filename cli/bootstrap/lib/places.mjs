import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** A path below it. */
export const inRoot = (...parts) => join(root, ...parts);

/** The program of a development dependency, run by Node itself: no shell, no PATH. */
export const tool = (name) => inRoot("node_modules", ".bin", name);
