/**
 * Plugins that work without requests: APISIX tells nobody of a new configuration, so it is looked at a few times a second,
 * and instances begin and end with it.
 */
import { services } from "apisix.http.service";
import { plugin_configs } from "apisix.plugin_config";
import { http_routes } from "apisix.router";
import { type TimerScope, timerScope } from "../../../nginx/runtime/worker-timer.ts";
import type { Bindings } from "./bindings.ts";
import { configOn } from "./route-config.ts";

/** @noSelf */
export interface EarlyStart {
  begin(): void;
  end(): void;
}

const LOOK_SECONDS = 0.25;

/** What tells one configuration from another. */
function versionNow(): string {
  const [, routes] = http_routes();
  const [, ofServices] = services();
  const [, ofGroups] = plugin_configs();
  return `${tostring(routes)} ${tostring(ofServices)} ${tostring(ofGroups)}`;
}

export function earlyStart(plugin: string, bindings: Bindings): EarlyStart {
  let seen = "";
  let scope: TimerScope | undefined;

  function look(): void {
    const version = versionNow();
    const [routes] = http_routes();
    if (routes === undefined || version === seen) {
      return;
    }
    seen = version;
    const places = new LuaMap<string, boolean>();
    for (const item of routes) {
      const found = item === false ? undefined : configOn(item.value, plugin);
      if (found !== undefined) {
        places.set(bindings.ensure(found), true);
      }
    }
    bindings.endOthers(places);
  }

  return {
    begin: () => {
      scope = timerScope();
      scope.timer.every(LOOK_SECONDS, look);
    },
    end: () => {
      seen = "";
      scope?.end();
    },
  };
}
