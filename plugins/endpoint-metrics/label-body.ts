import { fieldPath, fieldText } from "../_core/json-field.ts";
import type { Context } from "../_kit/context.ts";
import type { Json } from "../_kit/ports.ts";

/** Larger bodies are not read for a label. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Fields of the bodies of requests under way.
 * @noSelf
 */
export interface BodyFields {
  /** In access. Reads the body when it is JSON. */
  read(context: Context): void;
  /** What was read of the request in hand for the field of that number, in the order they were given. */
  value(context: Context, index: number): string | undefined;
  /** The request in hand has ended. */
  forget(context: Context): void;
}

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType.toLowerCase().indexOf("json") >= 0;
}

/** @param fields with dots, `a.b` */
export function bodyFields(fields: readonly string[], json: Json): BodyFields {
  const paths: (readonly string[])[] = [];
  for (const field of fields) {
    paths.push(fieldPath(field));
  }
  // As many as there are requests under way in this worker: nginx bounds them (worker_connections).
  const kept: Record<number, Readonly<Record<number, string | undefined>> | undefined> = {};

  function decoded(context: Context): unknown {
    if (!isJson(context.header("Content-Type"))) {
      return undefined;
    }
    const body = context.requestBody(MAX_BODY_BYTES);
    return body === undefined ? undefined : json.decode(body);
  }

  return {
    read: (context) => {
      const document = decoded(context);
      if (document === undefined) {
        kept[context.handle()] = undefined;
        return;
      }
      const values: Record<number, string | undefined> = {};
      let index = 0;
      for (const path of paths) {
        const value = fieldText(document, path);
        // No label is longer; the rest need not be kept until the request ends.
        values[index] = value === undefined ? undefined : value.slice(0, 260);
        index += 1;
      }
      kept[context.handle()] = values;
    },
    value: (context, index) => kept[context.handle()]?.[index],
    forget: (context) => {
      kept[context.handle()] = undefined;
    },
  };
}
