import { count, latency, plain, share } from "../model/format.ts";
import {
  entriesOf,
  type ConcurrencyStatus,
  type LimitStatus,
  type PluginStatus,
  type Status,
} from "../model/status.ts";
import { fillGauge } from "./chart.ts";
import { at, copyOf, find, setText } from "./dom.ts";
import { keyedList, type Shown } from "./keyed-list.ts";

/** A section that is only there while the gateway has something to show in it. */
function optional<T>(
  id: string,
  entriesIn: (status: Status) => readonly (readonly [string, T])[],
  make: (key: string) => Shown<T>,
): (status: Status) => void {
  const section = find(document, `#${id}`, HTMLElement);
  const show = keyedList(find(section, "tbody", HTMLElement), make);
  return (status) => {
    const entries = entriesIn(status);
    section.hidden = entries.length === 0;
    show(entries);
  };
}

/** Rate limits with their factors. */
export const limits = (): ((status: Status) => void) =>
  optional("limits", (status) => entriesOf(status.limits), limitRow);

/** Concurrency limits and what is in use of them. */
export const concurrency = (): ((status: Status) => void) =>
  optional("concurrency", (status) => entriesOf(status.concurrency), concurrencyRow);

/** Each plugin's errors and time. */
export const plugins = (): ((status: Status) => void) =>
  optional("plugins", (status) => entriesOf(status.plugins), pluginRow);

function named(template: string, name: string): [HTMLElement, (place: string, text: string) => void] {
  const element = copyOf(template);
  const fill = (place: string, text: string): void => setText(at(element, place), text);
  fill("name", name);
  return [element, fill];
}

function limitRow(name: string): Shown<LimitStatus> {
  const [element, fill] = named("limit-row", name);
  const bar = find(element, ".fill", Element);
  return {
    element,
    update: ({ factor, reason }) => {
      fill("factor", plain(factor));
      fill("reason", reason ?? "");
      fillGauge(bar, factor ?? 0);
    },
  };
}

function concurrencyRow(name: string): Shown<ConcurrencyStatus> {
  const [element, fill] = named("concurrency-row", name);
  const bar = find(element, ".fill", Element);
  return {
    element,
    update: ({ limit, in_flight, reason }) => {
      const used = limit === undefined || in_flight === undefined || limit <= 0 ? undefined : in_flight / limit;
      fill("used", share(used));
      fill(
        "in-flight",
        [`${count(in_flight)} of ${count(limit)}`, reason ?? ""].filter((part) => part !== "").join(", "),
      );
      fillGauge(bar, used ?? 0);
    },
  };
}

function pluginRow(name: string): Shown<PluginStatus> {
  const [element, fill] = named("plugin-row", name);
  return {
    element,
    update: ({ errors, seconds }) => {
      fill("errors", count(errors));
      at(element, "errors").classList.toggle("alarming", (errors ?? 0) > 0);
      fill("seconds", latency(seconds));
    },
  };
}
