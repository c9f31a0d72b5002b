import type { FileConfig } from "../config.ts";
import { lookRepeatedly } from "./looking.ts";
import { parseTargets } from "./parse-targets.ts";
import type { Found, Source, SourcePorts } from "./source.ts";

/** No file of peers is larger; a larger one is a mistake that must not stall the worker. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * A file with peers as JSON, read whole each time. Its text is what is compared: a file that is replaced within the same second,
 * or by one with an older time, is followed too.
 */
export function fileSource(config: FileConfig, ports: SourcePorts): Source {
  let lastText: string | undefined;
  let lastFound: Found = {};

  function read(): Found {
    const text = ports.files.read(config.path, MOST_BYTES + 1);
    if (text === undefined) {
      return { problem: "it cannot be read" };
    }
    if (text.length > MOST_BYTES) {
      return { problem: "it has more than 4 MiB" };
    }
    if (text !== lastText) {
      const document = ports.json.decode(text);
      lastText = text;
      lastFound = document === undefined ? { problem: "it is not JSON" } : parseTargets(document);
    }
    return lastFound;
  }

  return {
    name: `file ${config.path}`,
    atOnce: read,
    run: (report, running) => {
      // A broken file is mended by hand: who does it waits for it.
      lookRepeatedly(ports, () => ({ found: read(), waitSeconds: config.interval_seconds }), report, running);
    },
  };
}
