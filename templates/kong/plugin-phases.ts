import type { Phase } from "../../plugins/_kit/handlers.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";

const ALL: readonly Phase[] = ["rewrite", "access", "select_upstream", "header_filter", "body_filter", "log"];

/**
 * The phases that any configuration of the plugin may need. Kong loads one handler for all of them, and which
 * configurations will come is not known: a manifest that tells by configuration may need every phase. A phase without a
 * handler in the plugin costs a look-up.
 */
export function pluginPhases(manifest: Manifest): readonly Phase[] {
  return typeof manifest.phases === "function" ? ALL : manifest.phases;
}
