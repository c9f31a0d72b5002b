import { modelOf, scanChunk, startUsageScan, usageOf, type UsageScan } from "../_core/usage-scanner.ts";
import type { Context } from "../_kit/context.ts";
import type { Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import { valuesOf } from "./labels.ts";

/**
 * Reads what answers in OpenAI's format say they used, while they go by.
 * @noSelf
 */
export interface TokenReader {
  /** Call it in access: the upstream shall not compress what is to be read. */
  access(context: Context): void;
  /** Call it in body_filter. */
  body(context: Context, chunk: string): void;
  /**
   * Call it once in log.
   * @param requestModel the model that was asked for, should the answer name none
   */
  log(context: Context, requestModel: string | undefined): void;
}

/**
 * Takes what was read.
 * @noSelf
 */
export interface TokenSink {
  /**
   * @param extra the model as Prometheus' text: `,model="gpt-4o"`
   */
  tokens(upstream: string, extra: string, promptTokens: number, completionTokens: number): void;
  /** An answer that should have said what it used, and did not, or could not be read. */
  unread(upstream: string): void;
}

/** What holds for the rest of an answer: how far it is read, or that it is none to read. */
type Reading = UsageScan | "compressed" | "other";

function isCompressed(encoding: string | undefined): boolean {
  return encoding !== undefined && encoding !== "" && encoding.toLowerCase() !== "identity";
}

/** Whether an answer is to be read: told at its first chunk, when its headers are there. */
function begin(context: Context): Reading {
  if (context.status() !== 200) {
    return "other";
  }
  const contentType = (context.responseHeader("Content-Type") ?? "").toLowerCase();
  if (contentType.indexOf("json") < 0 && contentType.indexOf("text/event-stream") < 0) {
    return "other";
  }
  return isCompressed(context.responseHeader("Content-Encoding")) ? "compressed" : startUsageScan();
}

export function tokenReader(config: Config, host: Host, sink: TokenSink): TokenReader {
  const models = valuesOf("model", config, host);
  const home = host.place.upstream;
  // As many as there are requests under way in this worker: nginx bounds them (worker_connections).
  const readings: Record<number, Reading | undefined> = {};

  /** JSON's escapes are rare in the name of a model. */
  function plainModel(scan: UsageScan): string {
    const name = modelOf(scan);
    if (name.indexOf("\\") < 0) {
      return name;
    }
    const decoded = host.json.decode(`["${name}"]`) as readonly unknown[] | undefined;
    const first = decoded === undefined ? undefined : decoded[0];
    return typeof first === "string" ? first : "";
  }

  return {
    access: (context) => {
      readings[context.handle()] = undefined;
      context.setRequestHeader("Accept-Encoding", undefined);
    },
    body: (context, chunk) => {
      const handle = context.handle();
      const present = readings[handle];
      const reading = present ?? begin(context);
      if (present === undefined) {
        readings[handle] = reading;
      }
      if (reading !== "other" && reading !== "compressed") {
        scanChunk(reading, chunk);
      }
    },
    log: (context, requestModel) => {
      const handle = context.handle();
      const reading = readings[handle];
      readings[handle] = undefined;
      if (reading === undefined || reading === "other") {
        return;
      }
      const upstream = context.routedTo() ?? home;
      const usage = reading === "compressed" ? undefined : usageOf(reading);
      if (reading === "compressed" || usage === undefined) {
        sink.unread(upstream);
        return;
      }
      const model = plainModel(reading);
      const extra = models.fragment(model === "" ? requestModel : model);
      sink.tokens(upstream, extra, usage.promptTokens, usage.completionTokens);
    },
  };
}
