import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { text as readStream } from "node:stream/consumers";
import { AutoscaleError } from "../errors.ts";
import { readList, readRecord } from "./loose.ts";

/**
 * An event in the format of Alertmanager's webhook.
 * @param file `-`: `input`
 * @returns the JSON as it was written
 * @throws AutoscaleError when it cannot be read or is something else
 */
export async function readEvent(file: string, input: Readable): Promise<string> {
  const text = file === "-" ? await readStream(input) : await readText(file);
  const shown = file === "-" ? "standard input" : file;
  if (readList(readRecord(parse(text, shown))["alerts"]).length > 0) return text;
  throw wrong(shown, "found no alerts, allowed: an object with a list `alerts`, as Alertmanager's webhook sends it");
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT";
    throw new AutoscaleError({
      code: missing ? "E_FILE_NOT_FOUND" : "E_FILE_UNREADABLE",
      file,
      message: missing ? "found no such file" : message,
      remedy: "Name the file that holds the event, or - for standard input.",
    });
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw wrong(file, `found what is no JSON: ${(error as Error).message}`);
  }
}

function wrong(file: string, message: string): AutoscaleError {
  const remedy = 'The least is {"alerts": [{"status": "firing", "labels": {"alertname": "HighLoad"}}]}.';
  return new AutoscaleError({ code: "E_EVENT_FORMAT", file, message, remedy });
}
