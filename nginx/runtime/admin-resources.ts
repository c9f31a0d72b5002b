/** What plugins and the host show and let be changed, by collection and id. */
import type { AdminResource } from "../../plugins/_kit/handlers.ts";
import type { Instance } from "./instance.ts";

/** All that is told of one thing: several may tell of it, each its part. */
export type Providers = readonly AdminResource[];

export type Collections = LuaMap<string, LuaMap<string, AdminResource[]>>;

type Fields = Record<string, unknown>;

function add(collections: Collections, resource: AdminResource): void {
  let collection = collections.get(resource.collection);
  if (collection === undefined) {
    collection = new LuaMap();
    collections.set(resource.collection, collection);
  }
  const providers = collection.get(resource.id);
  if (providers === undefined) {
    collection.set(resource.id, [resource]);
  } else {
    providers.push(resource);
  }
}

/**
 * Asked anew each time: instances may gain resources. What several instances of one plugin tell of the same thing (the
 * breaker of an upstream that two routes share) is asked of the first alone.
 * @param own those of the host
 */
export function collectResources(own: readonly AdminResource[], instances: readonly Instance[]): Collections {
  const collections: Collections = new LuaMap();
  for (const resource of own) {
    add(collections, resource);
  }
  const told = new LuaMap<string, boolean>();
  for (const { plugin, handlers } of instances) {
    for (const resource of handlers.admin ?? []) {
      const name = `${plugin} ${resource.collection}/${resource.id}`;
      if (!told.has(name)) {
        told.set(name, true);
        add(collections, resource);
      }
    }
  }
  return collections;
}

/** The fields of all providers; of a field that two tell, the first. One that throws shows its error. */
export function shownBy(providers: Providers): object {
  const shown: Fields = {};
  for (const resource of providers) {
    const [ok, fields] = pcall(resource.get);
    const told: Fields = ok ? fields : { error: tostring(fields) };
    for (const [name, value] of pairs(told)) {
      shown[name] ??= value;
    }
  }
  return shown;
}

/** The one that takes changes. */
export function changeable(providers: Providers): AdminResource | undefined {
  for (const resource of providers) {
    if (resource.put !== undefined) {
      return resource;
    }
  }
  return undefined;
}

/** Ids in order, for messages: at most ten of them. */
export function idsOf(collection: LuaMap<string, AdminResource[]>): string {
  const ids: string[] = [];
  for (const [id] of collection) {
    ids.push(id);
  }
  table.sort(ids);
  const shown = table.concat(ids, ", ", 1, math.min(ids.length, 10));
  return ids.length > 10 ? `${shown}, …` : shown;
}
