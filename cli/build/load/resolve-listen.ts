import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import type { Admin, Listen } from "../model.ts";
import { isIpAddress, isLoopback } from "./addresses.ts";
import type { Written } from "./gateway-schema.ts";
import { existing, type Site } from "./site.ts";

export function resolveListen(written: Written["listen"], site: Site): readonly Listen[] {
  const taken = new Set<string>();
  return written.map((entry, index) => {
    const keys = ["listen", index];
    const address = bareAddress(entry.address, [...keys, "address"], site);
    const socket = `${address} ${entry.port}`;
    if (taken.has(socket)) {
      const message = `found port ${entry.port} of ${address} a second time`;
      site.report({ code: "E_LISTEN_DUPLICATE", keys: [...keys, "port"], message });
    }
    taken.add(socket);
    const { tls } = entry;
    return {
      address,
      port: entry.port,
      ...(tls === undefined
        ? {}
        : {
            tls: {
              certificate: pemFile(tls.certificate, [...keys, "tls", "certificate"], site),
              key: pemFile(tls.key, [...keys, "tls", "key"], site),
            },
          }),
      http2: entry.http2,
    };
  });
}

/** Where the admin server listens, and its token; without one only this machine may reach it. */
export function resolveAdmin(
  written: NonNullable<Written["admin"]>,
  listen: readonly Listen[],
  site: Site,
): Omit<Admin, "events"> {
  const address = bareAddress(written.address, ["admin", "address"], site);
  const { port } = written;
  const wildcards = ["0.0.0.0", "::"];
  const clash = listen.some((other) => {
    const meets = other.address === address || wildcards.includes(other.address) || wildcards.includes(address);
    return meets && other.port === port;
  });
  if (clash) {
    const message = `found port ${port}, which listen has too`;
    site.report({ code: "E_LISTEN_DUPLICATE", keys: ["admin", "port"], message, remedy: "Give it a port of its own." });
  }
  const token = written.token === "" ? undefined : written.token;
  if (token === undefined && !isLoopback(address)) {
    const message = `found ${address} without a token, allowed: a loopback address, or any address with a token`;
    const remedy = "Set admin.token, or leave out admin.address.";
    site.report({ code: "E_ADMIN_OPEN", keys: ["admin", "address"], message, remedy });
  }
  return { address, port, ...(token === undefined ? {} : { token }) };
}

function bareAddress(written: string, keys: Path, site: Site): string {
  const address = /^\[.*\]$/.test(written) ? written.slice(1, -1) : written;
  if (!isIpAddress(address)) {
    const message = `found ${quote(written)}, allowed: an IPv4 or IPv6 address, 0.0.0.0 for all`;
    site.report({ code: "E_CONFIG_PATTERN", keys, message });
  }
  return address;
}

/** The path of a PEM file. nginx reads `$` in it as a variable and knows no way to quote it. */
export function pemFile(written: string, keys: Path, site: Site): string {
  const path = existing(site, written, "file", keys);
  if (path.includes("$")) {
    const message = `found ${quote(path)}, allowed: a path without $`;
    site.report({ code: "E_CONFIG_PATTERN", keys, message, remedy: "nginx takes $ as the start of a variable." });
  }
  return path;
}
