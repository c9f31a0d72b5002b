/**
 * What every host's admin endpoint shows: `status`, `metrics`, `decisions`, and each resource of the plugins as
 * `<collection>/<id>`.
 */
import type { AdminResource } from "../../plugins/_kit/handlers.ts";
import type { JsonValue } from "../../plugins/_kit/ports.ts";
import { refuse, send, sendJson } from "./admin-answers.ts";
import { readBody } from "./admin-body.ts";
import { type ChangeResult, changeResource, findResource } from "./admin-change.ts";
import { collectResources, type Collections, shownBy } from "./admin-resources.ts";
import { decisions } from "./decision-events.ts";
import { nodeStatus, pluginStatus } from "./node-figures.ts";
import { metricsPage, type MetricsSources } from "./metrics-page.ts";

/** What the pages are made from; lists are asked for each time. */
export interface AdminSources extends MetricsSources {
  /** Resources of the host itself. */
  readonly resources?: (this: void) => readonly AdminResource[];
  /** More that stands at the top of `status`. */
  readonly facts?: (this: void) => Readonly<Record<string, JsonValue>>;
}

/**
 * Each answers the request being handled, in a phase that may print.
 * @noSelf
 */
export interface AdminPages {
  status(): void;
  metrics(): void;
  /** `?limit=` says how many. */
  decisions(): void;
  /** @param path `/<collection>/<id>` */
  resource(path: string, method: string): void;
  /** Applies changes to `/<collection>/<id>` without answering; for several of one request. */
  changer(): (this: void, path: string, fields: Readonly<Record<string, unknown>>) => ChangeResult;
}

function statusOf(sources: AdminSources, collections: Collections): object {
  const shown: Record<string, unknown> = {
    version: sources.version,
    time: ngx.now(),
    worker: ngx.worker.id(),
    workers: ngx.worker.count(),
    node: nodeStatus(sources.store),
    plugins: pluginStatus(sources.plugins(), sources.store),
  };
  if (sources.facts !== undefined) {
    for (const [name, fact] of pairs(sources.facts())) {
      shown[name] = fact;
    }
  }
  for (const [name, resources] of collections) {
    const entries: Record<string, unknown> = {};
    for (const [id, providers] of resources) {
      entries[id] = shownBy(providers);
    }
    shown[name] = entries;
  }
  return shown;
}

function showDecisions(): void {
  const ring = decisions();
  const kept = ring === undefined ? 0 : ring.kept;
  const written = ngx.var.arg_limit;
  const limit = written === undefined ? kept : tonumber(written);
  if (limit === undefined || !(limit >= 1) || limit !== math.floor(limit)) {
    refuse(400, "E_ADMIN_QUERY", "limit must be a whole number from 1 up");
    return;
  }
  const entries = ring === undefined ? [] : ring.newest(limit);
  const list = table.concat(entries as string[], ",");
  send(200, "application/json", `{"decisions":[${list}],"kept":${string.format("%d", kept)}}\n`);
}

export function adminPages(sources: AdminSources): AdminPages {
  function collections(): Collections {
    return collectResources(sources.resources === undefined ? [] : sources.resources(), sources.instances());
  }

  function resource(path: string, method: string): void {
    const found = findResource(collections(), path);
    if ("error" in found) {
      refuse(found.status, found.error, found.message);
    } else if (method === "GET" || method === "HEAD") {
      sendJson(200, shownBy(found.providers));
    } else if (method === "PUT") {
      const body = readBody();
      if ("error" in body) {
        refuse(body.status, body.error, body.message);
        return;
      }
      const done = changeResource(found.providers, body.fields);
      if (done.status === 405) {
        ngx.header["Allow"] = "GET, HEAD";
      }
      sendJson(done.status, done.shown);
    } else {
      ngx.header["Allow"] = "GET, HEAD, PUT";
      refuse(405, "E_ADMIN_METHOD", "use GET or PUT");
    }
  }

  return {
    status: () => {
      sendJson(200, statusOf(sources, collections()));
    },
    metrics: () => {
      metricsPage(sources);
    },
    decisions: showDecisions,
    resource,
    changer: () => {
      const present = collections();
      return (path, fields) => {
        const found = findResource(present, path);
        return "error" in found ? { status: found.status, shown: found } : changeResource(found.providers, fields);
      };
    },
  };
}
