import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { explainCommand } from "../../cli/commands/explain.ts";

/** What `autoscale-lua explain` prints for this log, given on standard input. */
export async function runExplain(bundle: string, log: string): Promise<string> {
  const output = new PassThrough();
  const printed = text(output);
  await explainCommand({ bundle, input: Readable.from([log]), output });
  output.end();
  return printed;
}
