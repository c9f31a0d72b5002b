/** The admin server of the OpenResty bundle: which path and method is answered by whom. */
import { refuse, sendJson } from "../../../nginx/runtime/admin-answers.ts";
import { readBody } from "../../../nginx/runtime/admin-body.ts";
import type { ChangeResult } from "../../../nginx/runtime/admin-change.ts";
import { adminPages } from "../../../nginx/runtime/admin-pages.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import { takeEvents } from "./alert-events.ts";
import { admitted } from "./admin-guard.ts";
import { ownResources } from "./own-resources.ts";
import { changePeer, showPeer } from "./peer-control.ts";
import type { Settings } from "./settings.ts";
import type { WorkerUpstream } from "./upstreams.ts";

/** Answers the request in hand. */
type Answer = (this: void) => void;

/** By method; HEAD is answered as GET. */
type Methods = Readonly<Record<string, Answer | undefined>>;

function answer(methods: Methods, method: string): void {
  const chosen = methods[method === "HEAD" ? "GET" : method];
  if (chosen !== undefined) {
    chosen();
    return;
  }
  const allowed: string[] = methods["GET"] === undefined ? [] : ["HEAD"];
  for (const [name] of pairs(methods)) {
    allowed.push(name);
  }
  table.sort(allowed);
  const list = table.concat(allowed, ", ");
  ngx.header["Allow"] = list;
  refuse(405, "E_ADMIN_METHOD", `this path takes ${list}`);
}

function reply({ status, shown }: ChangeResult): void {
  sendJson(status, shown);
}

/** Reads the body and replies what `change` makes of it. */
function replyChange(change: (this: void, fields: Readonly<Record<string, unknown>>) => ChangeResult): void {
  const body = readBody();
  if ("error" in body) {
    refuse(body.status, body.error, body.message);
  } else {
    reply(change(body.fields));
  }
}

/** The body of the admin server's content_by_lua. */
export function createAdmin(
  settings: Settings,
  instances: readonly Instance[],
  store: Store,
  plugins: readonly string[],
  upstreams: LuaMap<string, WorkerUpstream>,
): () => void {
  const token = settings.admin?.token;
  const own = ownResources(settings.routes, upstreams);
  const pages = adminPages({
    version: settings.version,
    instances: () => instances,
    store,
    plugins: () => plugins,
    resources: () => own,
    facts: () => ({ writable: token !== undefined }),
  });
  const rules = settings.admin?.events ?? [];

  function postEvents(): void {
    if (rules.length === 0) {
      refuse(404, "E_ADMIN_PATH", "there are no rules for events: write admin.events in gateway.yaml");
      return;
    }
    replyChange((fields) => takeEvents(rules, fields, { resource: pages.changer(), peer: setPeer }));
  }

  function setPeer(this: void, name: string, key: string, fields: Readonly<Record<string, unknown>>): ChangeResult {
    const changed = changePeer(upstreams, name, key, fields);
    return changed;
  }

  const fixed: Readonly<Record<string, Methods | undefined>> = {
    "/events": { POST: postEvents },
    "/status": { GET: pages.status },
    "/metrics": { GET: pages.metrics },
    "/decisions": { GET: pages.decisions },
  };

  function peerMethods(name: string, key: string): Methods {
    return {
      GET: () => {
        reply(showPeer(upstreams, name, key));
      },
      PUT: () => {
        replyChange((fields) => setPeer(name, key, fields));
      },
    };
  }

  return () => {
    const method = ngx.req.get_method();
    if (!admitted(token, method)) {
      return;
    }
    const path = ngx.var.uri;
    const methods = fixed[path];
    const [name, key] = string.match(path, "^/upstreams/([^/]+)/peers/([^/]+)$");
    if (methods !== undefined) {
      answer(methods, method);
    } else if (name !== undefined && key !== undefined) {
      answer(peerMethods(name, key), method);
    } else {
      pages.resource(path, method);
    }
  };
}
