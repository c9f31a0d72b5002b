/** Finds the programs the bench needs and says which are missing. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @typedef {object} Engine
 * @property {string} nginx path of the program
 * @property {string} preamble directives for `-g` that load the Lua module; empty when it is built in
 */

const MODULE_FOLDERS = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/local/nginx/modules"];
const PROGRAM_FOLDERS = ["/usr/sbin", "/usr/local/openresty/nginx/sbin", "/usr/local/openresty/bin"];

/** @param {string} name @returns {string | undefined} */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...PROGRAM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** OpenResty first, as the CLI does; else nginx with the Lua module as dynamic modules. @returns {Engine | undefined} */
export function findEngine() {
  const openresty = findProgram("openresty");
  if (openresty !== undefined) return { nginx: openresty, preamble: "" };
  const nginx = findProgram("nginx");
  const folder = MODULE_FOLDERS.find((path) => existsSync(join(path, "ngx_http_lua_module.so")));
  if (nginx === undefined || folder === undefined) return undefined;
  const modules = ["ndk_http_module.so", "ngx_http_lua_module.so"].map((file) => join(folder, file));
  return {
    nginx,
    preamble: modules
      .filter((file) => existsSync(file))
      .map((file) => `load_module ${file}; `)
      .join(""),
  };
}

/** Names of what is missing. @param {readonly string[]} programs @returns {string[]} */
export function missingTools(programs) {
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (findEngine() === undefined) missing.push("OpenResty, or nginx with ngx_http_lua_module");
  return missing;
}

/** First line of what a program says about itself, on either stream. @param {string} program @param {string[]} args */
export function firstLine(program, args) {
  const result = spawnSync(program, args, { encoding: "utf8" });
  return `${result.stdout}${result.stderr}`.split("\n")[0]?.trim() ?? "";
}

/**
 * CPU seconds, user and system, that a process has spent, or that its ended children have.
 * @param {number | "self"} pid @param {"own" | "children"} [whose] @returns {number}
 */
export function cpuSeconds(pid, whose = "own") {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Fields 14 to 17 of proc(5), counted after the program's name, which may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const first = whose === "own" ? 11 : 13;
  return (Number(fields[first]) + Number(fields[first + 1])) / TICKS_PER_SECOND;
}

/** Linux shows 100 ticks a second to programs on every architecture that nginx is packaged for. */
const TICKS_PER_SECOND = 100;
