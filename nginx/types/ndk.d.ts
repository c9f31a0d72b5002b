/** @noSelfInFile */

/** The nginx development kit's part that Lua sees. */
declare const ndk: Ndk;

interface Ndk {
  /**
   * Directives of other modules that compute a value, such as `ndk.set_var.set_escape_uri(text)` of the set-misc module. A name
   * that no module has raises an error.
   * @phases init_worker, set, rewrite, access, content, header_filter, body_filter, log, timer, balancer
   */
  readonly set_var: Readonly<Record<string, (this: void, ...args: string[]) => string>>;
}
