import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where distributions keep dynamic modules, after the path nginx itself was built with. */
const MODULE_FOLDERS = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules"];

/** The order matters: the Lua module uses symbols of the development kit. */
const MODULES = ["ndk_http_module.so", "ngx_http_lua_module.so"];

/**
 * The directives that load the Lua module into this nginx: empty when it is built in, undefined when there is none.
 *
 * @param buildText what `nginx -V` printed
 */
export function luaModuleDirectives(
  buildText: string,
  folders: readonly string[] = MODULE_FOLDERS,
): string | undefined {
  if (isBuiltIn(buildText)) return "";
  for (const folder of [...builtInFolders(buildText), ...folders]) {
    const files = MODULES.map((module) => join(folder, module));
    if (files.every((file) => existsSync(file))) return files.map((file) => `load_module "${file}";`).join(" ");
  }
  return undefined;
}

/** `--add-dynamic-module=…lua-nginx-module` is not built in: only `--add-module` is. */
function isBuiltIn(buildText: string): boolean {
  return /--add-module=\S*(?:ngx_lua-|lua-nginx-module|ngx_http_lua|http-lua)/.test(buildText);
}

function builtInFolders(buildText: string): string[] {
  const match = /--modules-path=(\S+)/.exec(buildText);
  return match?.[1] === undefined ? [] : [match[1]];
}
