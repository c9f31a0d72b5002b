/** nginx.conf of the APISIX fake: where APISIX's own has its phases. */
export interface FakeConf {
  readonly workers: number;
  readonly port: number;
  readonly controlPort: number;
  /** `name size` of each lua_shared_dict. */
  readonly dicts: Readonly<Record<string, string>>;
  /** Patterns of lua_package_path, in order. */
  readonly luaPath: readonly string[];
  /** config.yaml's list. */
  readonly plugins: readonly string[];
}

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

export function nginxConf({ workers, port, controlPort, dicts, luaPath, plugins }: FakeConf): string {
  const names = plugins.map((name) => `"${name}"`).join(", ");
  return `pid logs/nginx.pid;
error_log logs/error.log notice;
worker_processes ${String(workers)};
events {}
http {
  access_log off;
${TEMPORARY.map((name) => `  ${name}_temp_path logs/${name};`).join("\n")}
  lua_package_path "${luaPath.join(";")};;";
  lua_shared_dict fake 1m;
${Object.entries(dicts)
  .map(([name, size]) => `  lua_shared_dict ${name} ${size};`)
  .join("\n")}
  init_worker_by_lua_block { apisix = require("apisix") apisix.init_worker({ ${names} }) }
  exit_worker_by_lua_block { apisix.exit_worker() }
  upstream apisix_backend {
    server 0.0.0.1;
    balancer_by_lua_block { apisix.balancer() }
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${String(port)};
    location / {
      set $upstream_uri "";
      set $upstream_host $http_host;
      set $upstream_unresolved_host "";
      add_header X-Worker $pid always;
      access_by_lua_block { apisix.access() }
      header_filter_by_lua_block { apisix.header_filter() }
      body_filter_by_lua_block { apisix.body_filter() }
      log_by_lua_block { apisix.log() }
      proxy_http_version 1.1;
      proxy_set_header Host $upstream_host;
      proxy_set_header Connection "";
      proxy_connect_timeout 1s;
      proxy_read_timeout 2s;
      proxy_pass http://apisix_backend$upstream_uri;
    }
    location = /fake/free { add_header X-Worker $pid always; return 200 free; }
  }
  server {
    listen 127.0.0.1:${String(controlPort)};
    location / { content_by_lua_block { apisix.control() } }
  }
}
`;
}
