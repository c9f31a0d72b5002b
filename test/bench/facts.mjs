/** What the figures were measured on. No path of the machine is told. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { firstLine } from "./tools.mjs";

/** Asks the engine itself, which ends before it serves: the versions are those of the modules that it loads. */
const CONF = `
daemon off; master_process off; pid nginx.pid; error_log stderr; events { }
http {
  init_by_lua_block {
    io.stderr:write("FACTS ", ngx.config.ngx_lua_version, " ", jit.version, " ", require("resty.core").version, "\\n")
    os.exit(0)
  }
}
`;

/** @param {import("./tools.mjs").Engine} engine @returns {Record<string, string>} */
export function facts(engine) {
  const prefix = mkdtempSync(join(tmpdir(), "autoscale-bench-facts-"));
  writeFileSync(join(prefix, "nginx.conf"), CONF);
  const args = ["-p", prefix, "-c", "nginx.conf", "-g", engine.preamble];
  const { stderr } = spawnSync(engine.nginx, args, { encoding: "utf8", timeout: 10_000 });
  rmSync(prefix, { recursive: true, force: true });
  const found = /FACTS (\d+) (LuaJIT \S+) (\S+)/.exec(stderr);
  return {
    engine: firstLine(engine.nginx, ["-v"]).replace(/^nginx version: /, ""),
    ngx_lua: found === null ? "unknown" : luaModuleVersion(Number(found[1])),
    luajit: found?.[2] ?? "unknown",
    "lua-resty-core": found?.[3] ?? "unknown",
    valgrind: firstLine("valgrind", ["--version"]),
    node: process.version,
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, ${kernel()}`,
  };
}

/** 10023 is 0.10.23. @param {number} version */
function luaModuleVersion(version) {
  return [Math.floor(version / 1e6), Math.floor(version / 1e3) % 1e3, version % 1e3].join(".");
}

function kernel() {
  return `Linux ${readFileSync("/proc/sys/kernel/osrelease", "utf8").trim()}`;
}
