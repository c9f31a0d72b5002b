/**
 * What our wrapper for each host costs: the same compiled plugin, in the same nginx.conf, called directly and through the
 * wrapper. OpenResty is itself; Kong and APISIX are stand-ins (kong.lua, apisix.lua) that run what the build made for them.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { buildBundle } from "../build.mjs";
import { gatewayConf } from "../gateway-conf.mjs";
import { gatewayIn, temporaryFolder } from "../gateway-folder.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const gateway = join(dirname(here), "gateway.yaml");

/**
 * @typedef {object} Host
 * @property {string} name @property {boolean} standIn @property {string} lua folder of its Lua in the bundle
 * @property {string} [idlePhase] a phase besides access and log that the wrapper has, and in which this breaker does nothing
 * @property {(bundle: string) => object} settings what the host would read of the bundle
 */

const yamlOf = (path) => parse(readFileSync(path, "utf8"));

/** @type {readonly Host[]} */
export const HOSTS = [
  { name: "openresty", standIn: false, lua: "openresty/lua", settings: () => ({}) },
  {
    name: "kong",
    standIn: true,
    lua: "kong",
    settings: (bundle) => {
      const { routes, services } = yamlOf(join(bundle, "kong/kong.yml"));
      return { route: routes[0], service: services[0] };
    },
  },
  {
    name: "apisix",
    standIn: true,
    lua: "apisix",
    idlePhase: "before_proxy",
    settings: (bundle) => {
      const { routes, upstreams } = yamlOf(join(bundle, "apisix/apisix.yaml"));
      return { route: routes[0], upstream: upstreams[0] };
    },
  },
];

/**
 * @param {Host} host @param {readonly string[]} wrapped phases that go through the wrapper; the others are direct
 * @returns {import("../variants.mjs").Prepare}
 */
const variant = (host, wrapped) => (place) => {
  const prefix = temporaryFolder(host.name);
  const bundle = join(prefix, "bundle");
  if (!buildBundle(gateway, bundle, place, HOSTS.map(({ name }) => name).join(","))) {
    rmSync(prefix, { recursive: true });
    return undefined;
  }
  cpSync(here, join(prefix, "hosts"), { recursive: true });
  writeFileSync(join(prefix, "settings.json"), JSON.stringify(host.settings(bundle)));
  const http = `
  lua_package_path "${prefix}/?.lua;${join(bundle, host.lua)}/?.lua;;";
  lua_shared_dict autoscale 16m;
  init_worker_by_lua_block {
    local file = assert(io.open("${prefix}/settings.json"))
    local settings = require("cjson.safe").decode(file:read("*a"))
    file:close()
    local wrapped = { ${wrapped.map((phase) => `${phase} = true`).join(", ")} }
    for phase, run in pairs(require("hosts.${host.name}")(settings, wrapped)) do _G["bench_" .. phase] = run end
  }`;
  const location = `
      access_by_lua_block { bench_access() }
      log_by_lua_block { bench_log() }`;
  writeFileSync(join(prefix, "nginx.conf"), gatewayConf(place, { http, location }));
  return gatewayIn(place, prefix, { prefix, conf: "nginx.conf" });
};

/** @type {Readonly<Record<string, import("../variants.mjs").Prepare>>} */
export const HOST_VARIANTS = Object.fromEntries(
  HOSTS.flatMap((host) => [
    [`${host.name}-direct`, variant(host, [])],
    [`${host.name}-wrapped`, variant(host, ["access", "log"])],
    [`${host.name}-wrapped-access`, variant(host, ["access"])],
    ...(host.idlePhase === undefined ? [] : [[`${host.name}-idle`, variant(host, [host.idlePhase])]]),
  ]),
);
