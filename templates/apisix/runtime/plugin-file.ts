/** What the build writes into `apisix/plugins/<name>.lua`: plain data. */
export interface PluginFile {
  readonly name: string;
  readonly version: number;
  /** The product's version, for people. */
  readonly release: string;
  readonly priority: number;
  /** APISIX's names. */
  readonly phases: readonly string[];
  /** Fields of the plugin's own configuration. */
  readonly fields: readonly string[];
  readonly dicts: readonly string[];
  /** Its instances begin with the configuration and not with the first request. */
  readonly early?: boolean;
  /** Lua module that exports `create`. */
  readonly module: string;
  /** Lua module that exports `check`, the rule across fields. */
  readonly check?: string;
  /** JSON Schema. APISIX adds `_meta` to it when it loads the plugin. */
  readonly schema: object;
}
