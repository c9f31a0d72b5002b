import { peerControl, type Control } from "../model/controls.ts";
import { peerSign } from "../model/states.ts";
import type { PeerStatus } from "../model/status.ts";
import { endText, loadText, placeText } from "../model/upstream-text.ts";
import { READ_ONLY } from "./breakers.ts";
import { at, copyOf, find, setAttribute, setText } from "./dom.ts";
import type { Shown } from "./keyed-list.ts";
import { showSign } from "./sign.ts";

/** Something of an answer, and what of the answer it takes to show it. */
export interface Seen<T> {
  readonly value: T;
  /** The gateway's time, Unix seconds. */
  readonly now: number;
  readonly writable: boolean;
}

/** One peer of an upstream. @param ask opens the dialog for a change */
export function peerRow(upstream: string, peer: string, ask: (control: Control) => void): Shown<Seen<PeerStatus>> {
  const element = copyOf("peer-row");
  const fill = (place: string, text: string): void => setText(at(element, place), text);
  fill("peer", peer);
  const button = find(element, '[data-at="change"]', HTMLButtonElement);
  let control: Control | undefined;
  button.addEventListener("click", () => {
    if (control !== undefined) ask(control);
  });
  return {
    element,
    update: ({ value, now, writable }) => {
      control = peerControl(upstream, peer, value);
      showSign(at(element, "state"), peerSign(value.state));
      fill("why", value.why ?? "");
      fill("until", endText(value, now));
      fill("place", placeText(value));
      fill("load", loadText(value));
      setText(button, control.label);
      setAttribute(button, "aria-label", `${control.label} ${peer}`);
      button.disabled = !writable;
      button.title = writable ? "" : READ_ONLY;
    },
  };
}
