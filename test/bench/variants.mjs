/** What is compared: each variant is one gateway before the same upstream, written into a folder of its own. */
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBundle } from "./build.mjs";
import { gatewayConf } from "./gateway-conf.mjs";
import { gatewayIn, temporaryFolder } from "./gateway-folder.mjs";
import { HAND_WRITTEN_OPTIONS, luaTable } from "./hand-written/options.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {import("./gateway-folder.mjs").Place} Place
 * @typedef {(place: Place) => import("./gateway-folder.mjs").Gateway | undefined} Prepare undefined when it is not built
 */

/** @param {import("./gateway-conf.mjs").Parts} parts @returns {Prepare} */
const plain = (parts) => (place) => {
  const prefix = temporaryFolder("gateway");
  writeFileSync(join(prefix, "nginx.conf"), gatewayConf(place, parts));
  return gatewayIn(place, prefix, { prefix, conf: "nginx.conf" });
};

/** The least that a pick in Lua can be: one peer, set without a thought, and a log phase to learn in, which does nothing. */
const emptyBalancer = (place) => {
  const http = 'init_by_lua_block { set_current_peer = require("ngx.balancer").set_current_peer }';
  const balancer = `balancer_by_lua_block { set_current_peer("127.0.0.1", ${place.upstreamPort}) }`;
  return plain({ http, balancer, location: "log_by_lua_block { }" })(place);
};

/** @param {Place} place @param {Partial<typeof HAND_WRITTEN_OPTIONS>} [options] */
export function handWritten(place, options = {}) {
  const prefix = temporaryFolder("hand-written");
  cpSync(join(here, "hand-written", "breaker.lua"), join(prefix, "breaker.lua"));
  const http = `
  lua_package_path "${prefix}/?.lua;;";
  lua_shared_dict breaker 16m;
  init_by_lua_block {
    local breaker = require("breaker")
    local handlers = breaker.new(ngx.shared.breaker, "service", ${luaTable({ ...HAND_WRITTEN_OPTIONS, ...options })})
    breaker_access, breaker_log = handlers.access, handlers.log
  }`;
  const location = `
      access_by_lua_block { breaker_access() }
      log_by_lua_block { breaker_log() }`;
  writeFileSync(join(prefix, "nginx.conf"), gatewayConf(place, { http, location }));
  return gatewayIn(place, prefix, { prefix, conf: "nginx.conf" });
}

/** @param {string} file a gateway.yaml of this folder @returns {Prepare} */
const ours = (file) => (place) => {
  const out = temporaryFolder("bundle");
  if (!buildBundle(join(here, file), out, place, "openresty")) {
    rmSync(out, { recursive: true });
    return undefined;
  }
  return gatewayIn(place, out, { prefix: join(out, "openresty"), conf: "conf/nginx.conf" });
};

/** What `minimal` sends upstream, in place of the headers that a gateway usually sends. */
const MINIMAL_PROXY = 'proxy_http_version 1.1;\nproxy_set_header Connection "";\n';

/** Our breaker in a gateway that sends no header of its own: beside `minimal`, the same question asked more strictly. */
const oursMinimal = (place) => {
  const gateway = ours("gateway.yaml")(place);
  if (gateway !== undefined) writeFileSync(join(gateway.prefix, "conf/fragments/proxy.conf"), MINIMAL_PROXY);
  return gateway;
};

/** @type {Readonly<Record<string, Prepare>>} */
export const VARIANTS = {
  minimal: plain({ proxyHeaders: false }),
  bare: plain({}),
  "empty-phases": plain({ location: "access_by_lua_block { }\n      log_by_lua_block { }" }),
  "empty-balancer": emptyBalancer,
  "hand-written": (place) => handWritten(place),
  "ours-no-plugin": ours("gateway-no-plugin.yaml"),
  ours: ours("gateway.yaml"),
  "ours-metrics": ours("gateway-metrics.yaml"),
  "ours-concurrency": ours("gateway-concurrency.yaml"),
  "ours-dynamic": ours("gateway-dynamic.yaml"),
  "ours-rate-limit": ours("gateway-rate-limit.yaml"),
  "ours-rate-limit-quiet": ours("gateway-rate-limit-quiet.yaml"),
  "ours-minimal": oursMinimal,
};

/**
 * More requests before those that are counted: what a plugin does once a second is compiled after it has run some dozens of
 * times, and the compiling is not to be counted.
 * @type {Readonly<Record<string, number>>}
 */
export const WARM_UP_REQUESTS = {
  "ours-concurrency": 30_000,
  "ours-dynamic": 30_000,
  "ours-metrics": 60_000,
  "ours-rate-limit": 30_000,
  "ours-rate-limit-quiet": 30_000,
};

/** Those that must be seen to trip before they are compared; so must all that hosts/variants.mjs has. */
export const BREAKERS = ["hand-written", "ours", "ours-minimal"];
