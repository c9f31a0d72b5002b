import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findContainer } from "./container.ts";
import { findEngine, surveyEngines } from "./find.ts";
import { findNginx, findOpenresty } from "./native.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "autoscale-lua-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A shell program that answers as the real one would. */
function fake(name: string, script: string): NodeJS.ProcessEnv {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return { PATH: bin };
}

const OPENRESTY = `
if [ "$1" = -V ]; then
  echo "nginx version: openresty/1.27.1.2" >&2
  echo "configure arguments: --add-module=../ngx_lua-0.10.28" >&2
fi`;

test("OpenResty on PATH: built-in Lua, the bundle is its prefix", async () => {
  const search = await findOpenresty(fake("openresty", OPENRESTY), []);
  if (!("engine" in search)) throw new Error(search.reason);
  expect(search.engine.describe).toBe(`openresty 1.27.1.2 (${folder}/bin/openresty)`);
  expect(search.engine.launch("/bundle", ["-t"])).toEqual({
    file: `${folder}/bin/openresty`,
    args: ["-p", "/bundle", "-c", "conf/nginx.conf", "-t"],
  });
});

test("nginx with dynamic modules gets one -g that loads them and carries the caller's directives", async () => {
  const modules = join(folder, "modules");
  mkdirSync(modules);
  for (const file of ["ndk_http_module.so", "ngx_http_lua_module.so"]) writeFileSync(join(modules, file), "");
  const env = fake("nginx", `echo "nginx version: nginx/1.22.1\n--modules-path=${modules} --with-compat" >&2`);
  const search = await findNginx(env, []);
  if (!("engine" in search)) throw new Error(search.reason);
  expect(search.engine.launch("/bundle", [], "daemon off;").args).toEqual([
    "-p",
    "/bundle",
    "-c",
    "conf/nginx.conf",
    "-g",
    `load_module "${modules}/ndk_http_module.so"; load_module "${modules}/ngx_http_lua_module.so"; daemon off;`,
  ]);
});

test("an nginx that refuses the probe is passed over, with nginx's own reason", async () => {
  const script = `${OPENRESTY}\nfor a in "$@"; do [ "$a" = -t ] && { echo "[alert] failed to load the 'resty.core'" >&2; exit 1; }; done; exit 0`;
  const search = await findNginx(fake("nginx", script), []);
  expect(search).toEqual({ reason: `${folder}/bin/nginx cannot run Lua: [alert] failed to load the 'resty.core'` });
});

test("nginx without the Lua module is no engine", async () => {
  const search = await findNginx(fake("nginx", `echo "nginx version: nginx/1.22.1" >&2; exit 0`), []);
  // The system's own module folders may hold modules: then the probe decides, and this fake accepts it.
  if ("engine" in search) expect(search.engine.loadModules).toContain("ngx_http_lua_module.so");
  else expect(search.reason).toContain("no Lua module");
});

const DOCKER = `echo "$@" >> "$LOG"
case "$1 $2" in "image inspect") [ -n "$IMAGE_HERE" ];; *) true;; esac`;

test("a container needs its image: present, or pulled when asked for by name", async () => {
  const log = join(folder, "log");
  const env = { ...fake("docker", DOCKER), LOG: log, OPENRESTY_IMAGE: "mine:1" };
  expect(await findContainer(env, { pull: false })).toEqual({
    reason: 'docker has no image mine:1 yet; no "podman" on PATH',
  });
  const pulled = await findContainer(env, { pull: true });
  expect("engine" in pulled && pulled.engine.describe).toBe(`mine:1 in docker (${folder}/bin/docker)`);
  const present = await findContainer({ ...env, IMAGE_HERE: "1" }, { pull: false });
  expect("engine" in present && present.engine.kind).toBe("container");
});

test("a container mounts the bundle at its own path and can be removed by name", async () => {
  const env = { ...fake("podman", DOCKER), LOG: "/dev/null", IMAGE_HERE: "1" };
  const search = await findContainer(env, { pull: false });
  if (!("engine" in search)) throw new Error(search.reason);
  const launch = search.engine.launch("/bundle", ["-t"], "daemon off;");
  const name = launch.args[launch.args.indexOf("--name") + 1];
  expect(launch.args).toContain("/bundle:/bundle");
  expect(launch.args.slice(-6)).toEqual(["daemon off;", "-p", "/bundle", "-c", "conf/nginx.conf", "-t"]);
  expect(launch.remove).toEqual({ file: `${folder}/bin/podman`, args: ["rm", "--force", name] });
});

test("an engine that is asked for by name is the only one looked at", async () => {
  const survey = await surveyEngines("container", { PATH: folder });
  expect(survey).toEqual({ reasons: { container: 'no "docker" on PATH; no "podman" on PATH' } });
  expect(await findEngine("container", { PATH: folder })).toBeUndefined();
});

test("auto prefers OpenResty to nginx", async () => {
  fake("nginx", OPENRESTY);
  const engine = await findEngine("auto", fake("openresty", OPENRESTY));
  expect(engine?.kind).toBe("openresty");
});
