import { describe, expect, test } from "vitest";
import { readDeclared } from "./testing/declared-api.ts";
import { findNginx, readInstalled, type Installed } from "./testing/installed-api.ts";

/** There, and left out on purpose. The README says why. */
const OMITTED = [
  /^ngx\._phase_ctx$/,
  /^ngx\.get_raw_phase$/,
  /^ngx\.shared\.probe/,
  /^ffi#typeinfo$/,
  /^ngx\.ssl#(parse_der_|get_client_random|get_server_random|get_session_master_key|export_keying_material)/,
  /^ngx\.ssl#(get_req_ssl_pointer|get_upstream_ssl_pointer|ssl_session_reused|get_req_shared_ssl_ciphers)/,
  // How lua-resty-core talks to nginx: its own affair, but for the pointer of the request.
  /^resty\.core\.base#/,
  // Class tables hold constructor and methods alike.
  /^NgxSemaphore:(new|version)$/,
  /^ngx\.semaphore#(wait|post|count)$/,
  /^RestyLruCache:(new|_VERSION)$/,
  /^resty\.lrucache(\.pureffi)?#(get|set|delete|count|capacity|get_keys|flush_all)$/,
];

/** Computed when read: not in the table. */
const MAGIC = new Set(["ngx.status", "ngx.ctx", "ngx.headers_sent", "ngx.is_subrequest"]);

const nginx = findNginx();

describe.skipIf(nginx === undefined)(
  nginx === undefined ? "the installed ngx_lua (skipped: no nginx with the Lua module here)" : "the installed ngx_lua",
  () => {
    const { declared, luaModules } = readDeclared();
    const installed = nginx === undefined ? new Map<string, Installed>() : readInstalled(nginx, luaModules);

    test("was asked", () => {
      expect(installed.get("ngx.now")).toEqual({ type: "function", value: "" });
      expect(declared.size).toBeGreaterThan(250);
    });

    test("offers nothing that is not declared or left out by name", () => {
      const missing = [...installed.keys()].filter(
        (name) => !declared.has(name) && !OMITTED.some((pattern) => pattern.test(name)),
      );
      expect(missing).toEqual([]);
    });

    test("has everything that is declared as always there", () => {
      const loaded = new Set([...installed.keys()].map((name) => name.split("#")[0]));
      const absent = [...declared]
        .filter(([name, { optional }]) => !optional && !MAGIC.has(name) && !installed.has(name))
        .map(([name]) => name)
        .filter((name) => !name.includes("#") || loaded.has(name.split("#")[0]));
      expect(absent).toEqual([]);
    });

    test("has the constants' values", () => {
      const wrong = [...declared]
        .filter(([name, { value }]) => value !== undefined && installed.get(name)?.value !== value)
        .map(([name]) => name);
      expect(wrong).toEqual([]);
    });
  },
);
