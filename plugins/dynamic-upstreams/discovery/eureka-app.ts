import { type Instance, parseInstance } from "./eureka-instance.ts";
import { foundPeers } from "./found-peers.ts";
import { keyedList } from "./keyed-list.ts";
import { fieldOf, listOrOne, textField } from "./json-shape.ts";
import type { Found } from "./source.ts";

/**
 * The instances of one application, as far as told.
 * @noSelf
 */
export interface EurekaApp {
  /** Takes an answer to /apps/<app>. False when it is none. */
  replace(document: unknown): boolean;
  /** Takes what an answer to /apps/delta says of this application. False when it is none. */
  apply(document: unknown): boolean;
  found(): Found;
}

/**
 * @param name in capitals, as servers write it
 * @param secure use the secure port
 */
export function eurekaApp(name: string, secure: boolean): EurekaApp {
  let instances = keyedList<Instance>();

  /** A delta holds the last minutes: most of it was told before, which changes nothing. */
  function change(value: unknown): boolean {
    const action = textField(value, "actionType");
    const instance = parseInstance(value, secure);
    if (instance === undefined) {
      return false;
    }
    if (action === "DELETED") {
      instances.remove(instance.id);
      return true;
    }
    instances.put(instance.id, instance);
    return action === "ADDED" || action === "MODIFIED";
  }

  return {
    replace: (document) => {
      const application = fieldOf(document, "application");
      if (typeof application !== "object") {
        return false;
      }
      const all = keyedList<Instance>();
      for (const value of listOrOne(fieldOf(application, "instance"))) {
        const instance = parseInstance(value, secure);
        if (instance === undefined) {
          return false;
        }
        all.put(instance.id, instance);
      }
      instances = all;
      return true;
    },
    apply: (document) => {
      const applications = fieldOf(document, "applications");
      if (typeof applications !== "object") {
        return false;
      }
      for (const application of listOrOne(fieldOf(applications, "application"))) {
        const isOurs = (textField(application, "name") ?? "").toUpperCase() === name;
        for (const value of isOurs ? listOrOne(fieldOf(application, "instance")) : []) {
          if (!change(value)) {
            return false;
          }
        }
      }
      return true;
    },
    found: () => {
      const found = foundPeers();
      for (const { entry, leftOut } of instances.items()) {
        if (entry !== undefined) {
          found.addEntry(entry);
        } else if (leftOut !== undefined) {
          found.leaveOut(leftOut);
        }
      }
      return found.found();
    },
  };
}
