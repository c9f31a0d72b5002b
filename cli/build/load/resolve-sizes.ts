import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import type { Written } from "./gateway-schema.ts";
import type { Site } from "./site.ts";
import { bytesOf } from "./sizes.ts";

const SMALLEST_DICT = 64 * 1024;
/** With less, endpoint-metrics keeps too few series to be of use. */
const SMALLEST: Readonly<Record<string, number>> = { autoscale_metrics: 1024 * 1024 };
/** 1 TiB: larger is a slip of the unit. */
const LARGEST = 1024 ** 4;

/** Bytes of a written size from `least` to 1 TiB. */
export function sizeBytes(written: string | number, least: number, keys: Path, site: Site): number {
  const bytes = bytesOf(written);
  if (bytes < least || bytes > LARGEST) {
    const found = typeof written === "string" ? quote(written) : written;
    const allowed = least === 0 ? "0 to 1024g" : `${least / 1024}k to 1024g`;
    site.report({ code: "E_CONFIG_RANGE", keys, message: `found ${found}, allowed: ${allowed}` });
  }
  return bytes;
}

/** Dict names to bytes; the dict `autoscale` is always there. */
export function resolveSharedMemory(written: Written["shared_memory"], site: Site): Readonly<Record<string, number>> {
  const sizes: Record<string, string | number> = { autoscale: "16m", ...written };
  const entries = Object.entries(sizes).map(([name, size]) => {
    return [name, sizeBytes(size, SMALLEST[name] ?? SMALLEST_DICT, ["shared_memory", name], site)] as const;
  });
  return Object.fromEntries(entries);
}
