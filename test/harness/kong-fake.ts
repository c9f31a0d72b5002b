import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { packBundle } from "../../cli/build/pack.ts";
import { prepare } from "../../cli/build/pipeline.ts";
import { startEngine } from "../../cli/engine/start.ts";
import { childProcesses } from "../../cli/engine/worker-processes.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { send, type Answer } from "./http-request.ts";
import { nativeEngine } from "./native-engine.ts";
import { freshStockLua } from "./stock-lua.ts";

const FAKE = join(import.meta.dirname, "kong-fake");

/** What gateway.yaml must have, and the fake does not look at. */
const NEEDED = { listen: [{ address: "127.0.0.1", port: 8080 }] };

/** gateway.yaml as a test writes it. */
type Written = Readonly<Record<string, unknown>>;

/** A declarative configuration of Kong, as far as tests change it. */
export interface KongDocument {
  readonly upstreams: Record<string, unknown>[];
  readonly services: Record<string, unknown>[];
  readonly routes: Record<string, unknown>[];
  plugins?: Record<string, unknown>[];
}

export interface KongFakeOptions {
  /** Default 2. */
  readonly workers?: number;
  /** Files beside gateway.yaml: path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Changes kong.yml after it was made. */
  readonly change?: (document: KongDocument) => void;
  /** `lua_shared_dict` of our own are left out. */
  readonly withoutDict?: boolean;
  /** Changes the schema.lua of our plugins. */
  readonly schemaOf?: (text: string) => string;
  /** Lua of other people's plugins, run in Kong's order beside ours: name to handler.lua. */
  readonly others?: Readonly<Record<string, string>>;
}

export interface KongFake {
  readonly url: string;
  readonly adminUrl: string;
  readonly statusUrl: string;
  readonly bundle: string;
  /** Builds anew and pushes kong.yml; settles when every worker has it. */
  push(config: Written): Promise<void>;
  put(path: string, body: unknown): Promise<Answer>;
  errorLog(): Promise<string>;
  stop(): Promise<void>;
}

function nginxConf(ports: readonly number[], bundle: string, dicts: string, names: readonly string[], workers: number) {
  const [proxy, admin, status] = ports.map(String);
  const phases = ["rewrite", "access", "header_filter", "body_filter", "log"];
  return `worker_processes ${String(workers)};
pid logs/nginx.pid;
error_log logs/error.log notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ../../temp/body; proxy_temp_path ../../temp/proxy; fastcgi_temp_path ../../temp/fastcgi;
  uwsgi_temp_path ../../temp/uwsgi; scgi_temp_path ../../temp/scgi;
  lua_package_path "${bundle}/?.lua;${bundle}/fake/?.lua;;";
  lua_shared_dict kong_fake 1m;
  ${dicts === "" ? "" : `lua_shared_dict ${dicts};`}
  init_by_lua_block {
    KongFake = require("kong-fake")
    KongFake.init("${bundle}/kong.json", { ${names.map((name) => `"${name}"`).join(", ")} })
  }
  init_worker_by_lua_block { KongFake.init_worker() }
  upstream kong_upstream { server 0.0.0.1; balancer_by_lua_block { KongFake.balancer() } }
  server {
    listen 127.0.0.1:${proxy ?? ""};
    error_page 500 502 503 504 /kong_error_handler;
    ${phases.map((phase) => `${phase}_by_lua_block { KongFake.${phase}() }`).join("\n    ")}
    location = /kong_error_handler {
      internal;
      rewrite_by_lua_block { return }
      access_by_lua_block { return }
      content_by_lua_block { KongFake.handle_error() }
    }
    location = /kong_buffered_http {
      internal;
      ${phases.map((phase) => `${phase}_by_lua_block { return }`).join(" ")}
      proxy_http_version 1.1;
      proxy_set_header Host $upstream_host;
      proxy_pass http://kong_upstream$upstream_uri;
    }
    location / {
      set $ctx_ref ''; set $upstream_host ''; set $upstream_uri '';
      proxy_http_version 1.1;
      proxy_set_header Host $upstream_host;
      proxy_pass http://kong_upstream$upstream_uri;
    }
  }
  server { listen 127.0.0.1:${admin ?? ""}; location / { content_by_lua_block { KongFake.api("api") } } }
  server { listen 127.0.0.1:${status ?? ""}; location / { content_by_lua_block { KongFake.api("status_api") } } }
}
`;
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const OTHER_SCHEMA = (name: string): string =>
  `return { name = "${name}", fields = { { config = { type = "record", required = true, fields = {} } } } }\n`;

/** Builds `--target kong` and serves it by a FAKE Kong on the nginx of this machine. */
export async function startKongFake(config: Written, options: KongFakeOptions = {}): Promise<KongFake> {
  const { workers = 2, files = {}, others = {} } = options;
  const engine = nativeEngine();
  const folder = await mkdtemp(join(tmpdir(), "autoscale-kong-fake-"));
  await chmod(folder, 0o755);
  // Not in the bundle, which each push replaces while the fake goes on.
  await writeAll(folder, { ...files, "temp/.keep": "" });
  const bundle = join(folder, "dist", "kong");

  async function build(values: Written): Promise<KongDocument> {
    const file = join(folder, "gateway.yaml");
    await writeFile(file, JSON.stringify(values, undefined, 2));
    const prepared = await prepare({ file, cwd: folder, env: {}, targets: ["kong"], luaFolder: freshStockLua("kong") });
    for (const made of prepared.bundles) {
      await packBundle(made, prepared.version, join(folder, "dist"), () => Promise.resolve());
    }
    const document = parse(await readFile(join(bundle, "kong.yml"), "utf8")) as KongDocument;
    options.change?.(document);
    return document;
  }

  async function begin(ports: readonly number[]) {
    const document = await build({ ...NEEDED, ...config });
    const env = await readFile(join(bundle, "kong.env"), "utf8");
    const own = /^KONG_PLUGINS=bundled,(.*)$/m.exec(env)?.[1]?.split(",") ?? [];
    const dicts = /^KONG_NGINX_HTTP_LUA_SHARED_DICT=(.*)$/m.exec(env)?.[1] ?? "";
    const names = [...own, ...Object.keys(others)];
    for (const [name, handler] of Object.entries(others)) {
      const at = `kong/plugins/${name}`;
      await writeAll(bundle, { [`${at}/handler.lua`]: handler, [`${at}/schema.lua`]: OTHER_SCHEMA(name) });
    }
    for (const name of own) {
      const schema = join(bundle, `kong/plugins/${name}/schema.lua`);
      await writeFile(schema, (options.schemaOf ?? String)(await readFile(schema, "utf8")));
    }
    await writeAll(bundle, {
      "kong.json": JSON.stringify(document),
      "conf/nginx.conf": nginxConf(ports, bundle, options.withoutDict === true ? "" : dicts, names, workers),
      "fake/.keep": "",
      // A Kong has a prefix of its own; this one is served from the bundle.
      "logs/.keep": "",
    });
    for (const path of ["kong-fake.lua", "kong/db/schema/typedefs.lua"]) {
      await mkdir(dirname(join(bundle, "fake", path)), { recursive: true });
      await copyFile(join(FAKE, path), join(bundle, "fake", path));
    }
    await copyFile(join(FAKE, "../kong-schema-fake.lua"), join(bundle, "fake/kong-schema-fake.lua"));
    const started = await startEngine(engine, bundle, { graceSeconds: 1 });
    await eventually("all workers are there", async () => (await childProcesses(started.pid))?.length === workers);
    return started;
  }

  const ports = [await freePort(), await freePort(), await freePort()];
  const running = await begin(ports).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const [url = "", adminUrl = "", statusUrl = ""] = ports.map((port) => `http://127.0.0.1:${String(port)}`);
  return {
    url,
    adminUrl,
    statusUrl,
    bundle,
    push: async (next) => {
      const body = JSON.stringify(await build({ ...NEEDED, ...next }));
      const pushed = await send(`${adminUrl}/config`, { method: "POST", body });
      if (pushed.status !== 201) throw new Error(pushed.body);
      for (let worker = 0; worker < workers; worker++) {
        await eventually("every worker has the new configuration", async () => {
          return (await send(`${adminUrl}/applied?worker=${String(worker)}`)).body === pushed.body;
        });
      }
    },
    put: (path, body) => send(`${adminUrl}${path}`, { method: "PUT", body: JSON.stringify(body) }),
    errorLog: () => readFile(join(bundle, "logs/error.log"), "utf8"),
    stop: async () => {
      await running.stop({ graceSeconds: 0 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
