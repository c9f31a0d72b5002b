/** Finding what a path names, and changing it. */
import { changeable, type Collections, idsOf, type Providers, shownBy } from "./admin-resources.ts";

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

export interface ChangeResult {
  /** 200: done. */
  readonly status: number;
  /** The thing as it is now, or `{ error, message }`. */
  readonly shown: object;
}

/** Who brings the collections that people ask for by name. */
const BRINGERS: Readonly<Record<string, string | undefined>> = {
  autoscale: "no route of this gateway has endpoint-metrics with autoscale: add it to a route of that upstream",
  breakers: "no route of this gateway has a circuit-breaker: add it to a route",
  concurrency: "no route of this gateway has adaptive-concurrency: add it to a route",
  limits: "no plugin of this gateway has limits: add adaptive-rate-limit to a route",
};

/** @param path `/<collection>/<id>`, decoded */
export function findResource(collections: Collections, path: string): { readonly providers: Providers } | Refusal {
  const [name, id] = string.match(path, "^/([%w_-]+)/(.+)$");
  const collection = name === undefined ? undefined : collections.get(name);
  if (name === undefined || id === undefined || collection === undefined) {
    const message =
      BRINGERS[name ?? ""] ?? "there are /status, /metrics, /decisions and what /status lists as /<collection>/<id>";
    return { status: 404, error: "E_ADMIN_PATH", message };
  }
  const providers = collection.get(id);
  if (providers === undefined) {
    return { status: 404, error: "E_ADMIN_PATH", message: `no "${id}" among ${name}; there are: ${idsOf(collection)}` };
  }
  return { providers };
}

function refusal(status: number, error: string, message: string): ChangeResult {
  return { status, shown: { error, message } };
}

export function changeResource(providers: Providers, fields: Readonly<Record<string, unknown>>): ChangeResult {
  const resource = changeable(providers);
  const put = resource === undefined ? undefined : resource.put;
  if (put === undefined) {
    return refusal(405, "E_ADMIN_METHOD", "this can be looked at, not changed");
  }
  const [ok, problem] = pcall(put, fields);
  if (!ok) {
    return refusal(500, "E_ADMIN_FAILED", tostring(problem));
  }
  if (problem !== undefined) {
    return refusal(422, "E_ADMIN_VALUE", problem);
  }
  return { status: 200, shown: shownBy(providers) };
}
