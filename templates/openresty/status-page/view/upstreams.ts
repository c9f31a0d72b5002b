import { fixedPeers, type Control } from "../model/controls.ts";
import { peerList } from "../model/peer-list.ts";
import { PANIC, sourceSign } from "../model/states.ts";
import { entriesOf, type PeerStatus, type SourceStatus, type Status, type UpstreamStatus } from "../model/status.ts";
import { pickingText, replicasText, sourceText, trafficText } from "../model/upstream-text.ts";
import { at, copyOf, find, setText } from "./dom.ts";
import { keyedList, type Shown } from "./keyed-list.ts";
import { peerRow, type Seen } from "./peer-row.ts";
import { showSign } from "./sign.ts";

/** The cards of upstreams with their peers. @param ask opens the dialog for a change */
export function upstreams(ask: (control: Control) => void): (status: Status) => void {
  const section = find(document, "#upstreams", HTMLElement);
  const show = keyedList(find(section, ".cards", HTMLElement), (name) => card(name, ask));
  return (status) => {
    const entries = entriesOf(status.upstreams);
    find(section, ".empty", HTMLElement).hidden = entries.length > 0;
    const now = status.time ?? Date.now() / 1000;
    const writable = status.writable !== false;
    show(entries.map(([name, value]) => [name, { value, now, writable }]));
  };
}

function card(name: string, ask: (control: Control) => void): Shown<Seen<UpstreamStatus>> {
  const element = copyOf("upstream-card");
  const fill = (place: string, text: string): void => setText(at(element, place), text);
  fill("name", name);
  const showSources = keyedList(find(element, ".sources", HTMLElement), sourceRow);
  const showPeers = peers(name, element, ask);
  return {
    element,
    update: (seen) => {
      const { value } = seen;
      const fixed = fixedPeers(name, value);
      fill("facts", trafficText(value));
      fill("replicas", replicasText(value));
      fill("picking", pickingText(value));
      if (value.panic === true) showSign(at(element, "panic"), PANIC);
      else at(element, "panic").replaceChildren();
      fill("fixed", fixed ?? "");
      element.classList.toggle("unchangeable", fixed !== undefined);
      showSources(entriesOf(value.sources));
      showPeers(seen);
    },
  };
}

/** The rows of a card: a few of many, chosen anew as soon as somebody looks for others. */
function peers(name: string, card: HTMLElement, ask: (control: Control) => void): (seen: Seen<UpstreamStatus>) => void {
  const rows = keyedList<Seen<PeerStatus>>(find(card, "tbody", HTMLElement), (peer) => peerRow(name, peer, ask));
  const field = at(card, "search");
  const input = find(field, "input", HTMLInputElement);
  let last: Seen<UpstreamStatus> | undefined;
  const show = (): void => {
    if (last === undefined) return;
    const { value, now, writable } = last;
    const { shown, rest, searchable } = peerList(value, input.value);
    field.hidden = !searchable && input.value === "";
    rows(shown.map(([peer, state]) => [peer, { value: state, now, writable }]));
    setText(at(card, "rest"), rest);
  };
  input.addEventListener("input", show);
  return (seen) => {
    last = seen;
    show();
  };
}

function sourceRow(name: string): Shown<SourceStatus> {
  const element = copyOf("source-row");
  setText(at(element, "source"), name);
  return {
    element,
    update: (source) => {
      showSign(at(element, "state"), sourceSign(source.state));
      setText(at(element, "told"), sourceText(source));
    },
  };
}
