/** Kong's own settings, as variables of its environment: what kong.conf would say. */
import type { Listen } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { AutoscaleError } from "../../cli/errors.ts";

/** Where INSTALL.md puts the bundle. */
export const BUNDLE_PLACE = "/opt/autoscale";

function address({ address: host, port }: { readonly address: string; readonly port: number }): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function listenWords(listen: Listen): string {
  return `${address(listen)}${listen.tls === undefined ? "" : " ssl"}${listen.http2 ? " http2" : ""}`;
}

/**
 * kong.conf has one setting for all shared dicts: Kong writes it behind `lua_shared_dict`, so further ones are written
 * with the directive's own name between.
 */
export function sharedDicts(plan: Plan): string {
  const sizes = Object.entries(plan.dictBytes).sort(([a], [b]) => (a < b ? -1 : 1));
  return sizes.map(([name, bytes]) => `${name} ${bytes}`).join("; lua_shared_dict ");
}

/** The names for `plugins`. */
export function pluginList(plan: Plan): string {
  return ["bundled", ...plan.manifests.keys()].join(",");
}

function tls(plan: Plan): Record<string, string> {
  const pairs = plan.gateway.listen.flatMap((listen) => (listen.tls === undefined ? [] : [listen.tls]));
  if (pairs.length === 0) return {};
  return {
    KONG_SSL_CERT: [...new Set(pairs.map(({ certificate }) => certificate))].join(","),
    KONG_SSL_CERT_KEY: [...new Set(pairs.map(({ key }) => key))].join(","),
  };
}

function trusted(plan: Plan): Record<string, string> {
  if (plan.gateway.trustedProxies.length === 0) return {};
  return {
    KONG_TRUSTED_IPS: plan.gateway.trustedProxies.join(","),
    KONG_REAL_IP_HEADER: "X-Forwarded-For",
    KONG_REAL_IP_RECURSIVE: "on",
  };
}

/** For discovery and probes by https; Kong's own requests need those of the system as ever. */
function authorities({ gateway }: Plan): Record<string, string> {
  if (gateway.trustedCa === undefined) return {};
  return { KONG_LUA_SSL_TRUSTED_CERTIFICATE: `system,${gateway.trustedCa}`, KONG_LUA_SSL_VERIFY_DEPTH: "3" };
}

function largestBody(plan: Plan): number {
  const limits = plan.routes.map(({ route }) => route.maxBodyBytes);
  return limits.includes(0) ? 0 : Math.max(...limits);
}

/** Variable to value, in the order they are written. */
export function environment(plan: Plan): Readonly<Record<string, string>> {
  const { gateway } = plan;
  const keepalive = gateway.upstreams.map((upstream) => upstream.keepalive);
  return {
    KONG_DATABASE: "off",
    KONG_DECLARATIVE_CONFIG: `${BUNDLE_PLACE}/kong.yml`,
    KONG_PLUGINS: pluginList(plan),
    KONG_LUA_PACKAGE_PATH: `${BUNDLE_PLACE}/?.lua;;`,
    KONG_NGINX_HTTP_LUA_SHARED_DICT: sharedDicts(plan),
    KONG_PROXY_LISTEN: gateway.listen.map(listenWords).join(", "),
    ...(gateway.admin !== undefined && { KONG_STATUS_LISTEN: address(gateway.admin) }),
    KONG_NGINX_WORKER_PROCESSES: String(gateway.workers),
    KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE: String(largestBody(plan)),
    KONG_UPSTREAM_KEEPALIVE_POOL_SIZE: String(Math.max(...keepalive.map(({ connections }) => connections))),
    KONG_UPSTREAM_KEEPALIVE_IDLE_TIMEOUT: String(Math.max(...keepalive.map(({ idleSeconds }) => idleSeconds))),
    ...trusted(plan),
    ...tls(plan),
    ...authorities(plan),
    ...(gateway.resolver !== "auto" && { KONG_DNS_RESOLVER: gateway.resolver.join(",") }),
    ...(gateway.accessLog.format === "off" && { KONG_PROXY_ACCESS_LOG: "off" }),
  };
}

/** A line of an environment file, read as it stands by Docker and systemd alike. */
function line(name: string, value: string): string {
  // eslint-disable-next-line no-control-regex -- finding control characters is the purpose
  if (/[\u0000-\u001f\u007f"'\\$#]/.test(value)) {
    throw new AutoscaleError({
      code: "E_KONG_VALUE",
      message: `found ${JSON.stringify(value)} for ${name}, which an environment file cannot carry`,
      remedy: "Use a value without quotes, backslashes, $, # and control characters.",
    });
  }
  return `${name}=${value}\n`;
}

/** `kong.env`, for `docker run --env-file` or systemd's EnvironmentFile. */
export function environmentText(plan: Plan): string {
  return Object.entries(environment(plan))
    .map(([name, value]) => line(name, value))
    .join("");
}
