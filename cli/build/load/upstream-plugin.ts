/**
 * The plugin whose configuration the fields of `upstreams.<name>` are: their schema is its own. It stands in no list of
 * `plugins`.
 */
export { default as upstreamPlugin } from "../../../plugins/dynamic-upstreams/manifest.ts";
