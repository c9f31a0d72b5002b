import { breakerControl, breakerMode, type BreakerMode, type Control } from "../model/controls.ts";
import { clock, count, percent, untilText } from "../model/format.ts";
import { breakerSign } from "../model/states.ts";
import { entriesOf, type BreakerStatus, type Status } from "../model/status.ts";
import { at, copyOf, find, setAttribute, setText } from "./dom.ts";
import { keyedList, type Shown } from "./keyed-list.ts";
import { showSign } from "./sign.ts";

interface Seen {
  readonly breaker: BreakerStatus;
  readonly now: number;
  readonly writable: boolean;
}

const MODES: readonly BreakerMode[] = ["auto", "open", "closed"];

/** The table of circuit breakers. @param ask opens the dialog for a change */
export function breakers(ask: (control: Control) => void): (status: Status) => void {
  const section = find(document, "#breakers", HTMLElement);
  const table = find(section, "table", HTMLTableElement);
  const show = keyedList(find(table, "tbody", HTMLElement), (id) => row(id, ask));
  return (status) => {
    const entries = entriesOf(status.breakers);
    find(section, ".empty", HTMLElement).hidden = entries.length > 0;
    table.hidden = entries.length === 0;
    const now = status.time ?? Date.now() / 1000;
    const writable = status.writable !== false;
    show(entries.map(([id, breaker]) => [id, { breaker, now, writable }]));
  };
}

function row(id: string, ask: (control: Control) => void): Shown<Seen> {
  const element = copyOf("breaker-row");
  const fill = (place: string, text: string): void => setText(at(element, place), text);
  fill("id", id);
  setAttribute(find(element, ".modes", HTMLElement), "aria-label", `Mode of ${id}`);
  const buttons = MODES.map((mode) => {
    const button = find(element, `[data-at="${mode}"]`, HTMLButtonElement);
    const control = breakerControl(id, mode);
    setAttribute(button, "aria-label", control.title);
    button.addEventListener("click", () => {
      // A pressed button keeps the focus and does nothing: one that is disabled would lose it.
      if (button.getAttribute("aria-pressed") !== "true") ask(control);
    });
    return { mode, button };
  });
  return {
    element,
    update: ({ breaker, now, writable }) => {
      fill("shadow", breaker.shadow === true ? "shadow: only watches" : "");
      showSign(at(element, "state"), breakerSign(breaker.state));
      fill("reason", breaker.reason ?? "");
      fill("failures", percent(isJudged(breaker) ? breaker.failure_rate : undefined));
      fill("calls", callsText(breaker));
      fill("since", clock(breaker.since));
      fill("until", untilText(breaker.until, now));
      const pressed = breakerMode(breaker);
      for (const { mode, button } of buttons) {
        setAttribute(button, "aria-pressed", String(mode === pressed));
        button.disabled = !writable;
        button.title = writable ? "" : READ_ONLY;
      }
    },
  };
}

function isJudged({ calls }: BreakerStatus): boolean {
  return (calls ?? 0) > 0;
}

/** `of 24 calls, trips at 50 %`: what the rate is of, and what it is compared with. A trip empties the window. */
function callsText({ calls, failure_threshold }: BreakerStatus): string {
  const of = calls === undefined || calls === 0 ? "" : `of ${count(calls)} call${calls === 1 ? "" : "s"}`;
  const limit = failure_threshold === undefined ? "" : `trips at ${percent(failure_threshold)}`;
  return [of, limit].filter((part) => part !== "").join(", ");
}

export const READ_ONLY = "Read only: set admin.token in gateway.yaml to make changes.";
