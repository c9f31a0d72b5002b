/** What the generated handler.lua of a plugin says of it. Plain data. */
export interface PluginSpec {
  readonly name: string;
  /** x.y.z */
  readonly version: string;
  readonly priority: number;
  /** Lua module that exports `create`. */
  readonly module: string;
  /** All phases that any configuration of it may need. */
  readonly phases: Readonly<Partial<Record<string, boolean>>>;
  /** Names of the configuration's own fields, `mode` apart: Kong adds more to the table. */
  readonly fields: readonly string[];
  /** Its instances begin with the configuration and not with the first request. */
  readonly early?: boolean;
}
