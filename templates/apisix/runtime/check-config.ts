import { schema } from "apisix.core";
import { ownConfig } from "../../../nginx/runtime/own-config.ts";
import type { PluginFile } from "./plugin-file.ts";

/** What to do about a missing dict, in APISIX's words. */
export function dictRemedy(dict: string): string {
  return `add to conf/config.yaml under nginx_config.http.custom_lua_shared_dict: ${dict}: 16m`;
}

/** A sentence that names a dict that is not there, or undefined. */
function missingDict(file: PluginFile): string | undefined {
  for (const dict of file.dicts) {
    if (ngx.shared[dict] === undefined) {
      return `E_DICT_MISSING: plugin "${file.name}" needs the shared dict "${dict}" - ${dictRemedy(dict)}`;
    }
  }
  return undefined;
}

function brokenRule(file: PluginFile, config: ApisixConfig): string | undefined {
  if (file.check === undefined) {
    return undefined;
  }
  const [loaded, exported] = pcall(require, file.check);
  if (!loaded) {
    return `cannot load ${file.check}: ${tostring(exported)}`;
  }
  const { check } = exported as unknown as { check: (this: void, config: object) => string | undefined };
  const [ok, sentence] = pcall(check, ownConfig(config, file.fields));
  return ok ? sentence : `${file.check} failed: ${tostring(sentence)}`;
}

/**
 * The first thing wrong with a configuration, or undefined. Fills the defaults in. APISIX's `core.schema.check` compiles
 * the schema at its first use: by then APISIX has added `_meta` to it.
 */
export function problemOf(file: PluginFile, config: ApisixConfig): string | undefined {
  const missing = missingDict(file);
  if (missing !== undefined) {
    return missing;
  }
  const [valid, message] = schema.check(file.schema, config);
  if (!valid) {
    return message ?? "the configuration does not match the schema";
  }
  return brokenRule(file, config);
}
