import { resolve } from "node:path";
import { loadCustomPlugins } from "../build/compile/custom.ts";
import { editorSchema } from "../build/editor-schema.ts";
import { stockPlugins } from "../build/registry.ts";

/** Prints the JSON Schema of gateway.yaml, the plugins in `customFolders` included. */
export async function schemaCommand(customFolders: readonly string[], print: (text: string) => void): Promise<void> {
  const stock = await stockPlugins();
  const folders = customFolders.map((folder) => resolve(folder));
  const custom = await loadCustomPlugins(folders, new Set(stock.keys()));
  const schema = editorSchema([...stock.values(), ...custom.manifests.values()]);
  print(`${JSON.stringify(schema, undefined, 2)}\n`);
}
