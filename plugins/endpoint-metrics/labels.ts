import type { Context } from "../_kit/context.ts";
import type { Host } from "../_kit/handlers.ts";
import { integerText } from "../_core/text.ts";
import type { Config } from "./config.ts";
import { bodyFields, type BodyFields } from "./label-body.ts";
import { labelSource, readerOf, type LabelSource, type ReadLabel } from "./label-sources.ts";
import { allowedValues, cappedValues, type LabelValues } from "./label-values.ts";

/**
 * The configured labels of a request.
 * @noSelf
 */
export interface LabelReader {
  /** Call it in access, where the body can be read. */
  access(context: Context): void;
  /** Call it once in log. Prometheus' text, each label with a comma before it: `,model="gpt-4o",tenant="acme"`. */
  extra(context: Context): string;
  /** The `model` field of the request's body, where a label is made of it. Before `extra`, which forgets it. */
  bodyModel(context: Context): string | undefined;
}

interface Label {
  readonly read: ReadLabel;
  readonly values: LabelValues;
}

/** In the order of their names: the same on all workers, whatever order a table has. */
export function sortedNames(labels: Readonly<Record<string, string>>): readonly string[] {
  const names: string[] = [];
  for (const name in labels) {
    let at = names.length;
    names.push(name);
    while (at > 0 && (names[at - 1] ?? "") > name) {
      names[at] = names[at - 1] ?? "";
      at -= 1;
    }
    names[at] = name;
  }
  return names;
}

/**
 * The values that the label of that name may have. All instances of a worker with the same limits count the same values.
 */
export function valuesOf(name: string, config: Config, host: Host): LabelValues {
  const { max_length: maxLength, max_values: maxValues, allow } = config.label_values;
  const allowed = allow[name];
  if (allowed !== undefined) {
    return allowedValues(name, allowed);
  }
  const key = `label:${name}:${integerText(maxLength)}:${integerText(maxValues)}`;
  return host.shared(key, (worker) => {
    const values = cappedValues(name, maxLength, maxValues);
    worker.timer.every(config.idle_seconds, values.turn);
    return values;
  });
}

interface Fields {
  readonly names: string[];
  read: BodyFields | undefined;
}

function fieldReader(source: LabelSource, fields: Fields): ReadLabel {
  const index = fields.names.length;
  fields.names.push(source.name);
  return (context) => fields.read?.value(context, index);
}

/** Reads the labels of `config`; undefined when it has none. */
export function labelReader(config: Config, host: Host): LabelReader | undefined {
  const labels: Label[] = [];
  const fields: Fields = { names: [], read: undefined };
  let readModel: ReadLabel = () => undefined;
  for (const name of sortedNames(config.labels)) {
    const source = labelSource(config.labels[name] ?? "");
    const read = source.kind === "body" ? fieldReader(source, fields) : readerOf(source);
    labels.push({ read, values: valuesOf(name, config, host) });
    if (source.kind === "body" && source.name === "model") {
      readModel = read;
    }
  }
  if (labels.length === 0) {
    return undefined;
  }
  const body = fields.names.length > 0 ? bodyFields(fields.names, host.json) : undefined;
  fields.read = body;
  return {
    access: (context) => {
      body?.read(context);
    },
    extra: (context) => {
      let text = "";
      for (const { read, values } of labels) {
        text += values.fragment(read(context));
      }
      body?.forget(context);
      return text;
    },
    bodyModel: (context) => readModel(context),
  };
}
