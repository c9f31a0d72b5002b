/** What the user may ask for. `auto` takes the first that is there, in the order written here. */
export type EnginePreference = "auto" | EngineKind;

export type EngineKind = "openresty" | "nginx" | "container";

/** A program to run, without a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** How to run an engine once: `remove` ends for good what a signal to the program may leave behind. */
export interface Launch extends Command {
  readonly remove?: Command;
}

/** Something that can serve a bundle: nginx with the Lua module, by whatever name. */
export interface Engine {
  readonly kind: EngineKind;
  /** Name, version and where it is, for people: `nginx 1.22.1 (/usr/sbin/nginx)`. */
  readonly describe: string;
  /** nginx directives that load the Lua module, each ended by `;`; empty when it is built in. */
  readonly loadModules: string;
  /**
   * The command that runs nginx on a bundle.
   *
   * @param prefix absolute path of the bundle (the folder that holds `conf/nginx.conf`)
   * @param args more nginx arguments, such as `-t`; never `-g`, which nginx reads only once
   * @param directives main-level directives, each ended by `;`, such as `daemon off;`
   */
  launch(prefix: string, args: readonly string[], directives?: string): Launch;
}

/** The outcome of one search: the engine, or why there is none. */
export type EngineSearch = { readonly engine: Engine } | { readonly reason: string };
