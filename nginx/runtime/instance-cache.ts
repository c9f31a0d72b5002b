/**
 * For hosts that hand a plugin its config with each call (Kong, APISIX): one instance for each place, found by the
 * config table's identity. A host makes a new table for every change of a config: the instance at that place is then
 * replaced, and its timer tasks end.
 */
import type { Instance, InstanceSettings } from "./instance.ts";
import { timerScope } from "./worker-timer.ts";

type Config = object;
type ByPlace = LuaMap<string, Instance>;

/** @noSelf */
export interface InstanceCache {
  /**
   * The instance of `config` at `place`, made by `settings` at the first call. Undefined when it cannot start: then
   * it is not tried again with this config.
   * @param place what state is kept under, such as the plugin's id and the route's name: it must outlive the config
   */
  get(config: Config, place: string, settings: (this: void, config: Config) => InstanceSettings): Instance | undefined;
  /** Ends the instances of all configs but these: the host's own list after a change. */
  retain(configs: readonly Config[]): void;
  /** Ends the instances at these places. */
  endPlaces(isOver: (this: void, place: string) => boolean): void;
  /** Every instance at work. */
  all(): readonly Instance[];
}

interface Entry {
  /** Weak too: empty once the host has dropped the config. */
  readonly owner: { readonly config?: Config };
  readonly instance: Instance;
}

/** How often instances whose config is gone are looked for. */
const SWEEP_SECONDS = 30;

function weakReference(config: Config): Entry["owner"] {
  return setmetatable({ config }, { __mode: "v" });
}

/** Holds its keys weakly: a config that the host has dropped goes, and its instances are not found any more. */
function weakTable(): LuaMap<Config, ByPlace> {
  return setmetatable(new LuaMap<Config, ByPlace>(), { __mode: "k" });
}

/** @param start makes an instance; its settings must hold a copy of the config and not the table itself */
export function instanceCache(start: (this: void, settings: InstanceSettings) => Instance | undefined): InstanceCache {
  const byConfig = weakTable();
  const byPlace = new LuaMap<string, Entry>();
  /** Configs that did not start, so that a fault is not repeated with every request. */
  const failed = weakTable();

  function make(
    config: Config,
    place: string,
    settings: (this: void, config: Config) => InstanceSettings,
  ): Instance | undefined {
    if (failed.has(config)) {
      return undefined;
    }
    const instance = start(settings(config));
    if (instance === undefined) {
      failed.set(config, new LuaMap());
      return undefined;
    }
    const before = byPlace.get(place);
    if (before !== undefined) {
      before.instance.end();
    }
    byPlace.set(place, { owner: weakReference(config), instance });
    let places = byConfig.get(config);
    if (places === undefined) {
      places = new LuaMap();
      byConfig.set(config, places);
    }
    places.set(place, instance);
    return instance;
  }

  function endWhere(isOver: (this: void, place: string, config: Config | undefined) => boolean): void {
    for (const [place, { owner, instance }] of byPlace) {
      const config = owner.config;
      if (isOver(place, config)) {
        instance.end();
        byPlace.delete(place);
        // A host that gives the config again gets an instance that is at work.
        const places = config === undefined ? undefined : byConfig.get(config);
        if (places !== undefined) {
          places.delete(place);
        }
      }
    }
  }

  timerScope().timer.every(SWEEP_SECONDS, () => {
    endWhere((_place, config) => config === undefined);
  });
  return {
    get: (config, place, settings) => {
      const places = byConfig.get(config);
      if (places !== undefined) {
        const found = places.get(place);
        if (found !== undefined) {
          return found;
        }
      }
      return make(config, place, settings);
    },
    retain: (configs) => {
      const kept = new LuaMap<Config, boolean>();
      for (const config of configs) {
        kept.set(config, true);
      }
      endWhere((_place, config) => config === undefined || !kept.has(config));
    },
    endPlaces: endWhere,
    all: () => {
      const found: Instance[] = [];
      for (const [, entry] of byPlace) {
        found.push(entry.instance);
      }
      return found;
    },
  };
}
