import { fixedPeers, peerControl, type Control } from "../model/controls.ts";
import { count, latency, percent, plain, rate } from "../model/format.ts";
import { hasFigures } from "../model/history.ts";
import { peerSign } from "../model/states.ts";
import { entriesOf, type PeerStatus, type Status, type UpstreamStatus } from "../model/status.ts";
import { READ_ONLY, untilText } from "./breakers.ts";
import { at, copyOf, find, setText } from "./dom.ts";
import { keyedList, type Shown } from "./keyed-list.ts";
import { showSign } from "./sign.ts";

interface Seen<T> {
  readonly value: T;
  readonly now: number;
  readonly writable: boolean;
}

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
  setText(at(element, "name"), name);
  const showPeers = keyedList<Seen<PeerStatus>>(find(element, "tbody", HTMLElement), (peer) => row(name, peer, ask));
  return {
    element,
    update: ({ value, now, writable }) => {
      const fixed = fixedPeers(name, value);
      setText(at(element, "facts"), factsText(value));
      setText(at(element, "replicas"), replicasText(value));
      setText(at(element, "fixed"), fixed ?? "");
      element.classList.toggle("unchangeable", fixed !== undefined);
      showPeers(entriesOf(value.peers).map(([peer, state]) => [peer, { value: state, now, writable }]));
    },
  };
}

function factsText(upstream: UpstreamStatus): string {
  if (!hasFigures(upstream)) return upstream.protocol ?? "";
  const errors = `${percent(upstream.error_rate)} errors`;
  const facts = [
    rate(upstream.rps),
    errors,
    `p99 ${latency(upstream.latency_p99)}`,
    `${count(upstream.in_flight)} in flight`,
  ];
  return facts.join(" · ");
}

function replicasText({ desired_replicas, reason }: UpstreamStatus): string {
  if (desired_replicas === undefined) return "";
  return `wants ${count(desired_replicas)} replica${desired_replicas === 1 ? "" : "s"}${reason === undefined ? "" : `: ${reason}`}`;
}

function row(upstream: string, peer: string, ask: (control: Control) => void): Shown<Seen<PeerStatus>> {
  const element = copyOf("peer-row");
  setText(at(element, "peer"), peer);
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
      setText(at(element, "why"), value.why ?? "");
      setText(at(element, "until"), untilText(value.override_until, now));
      setText(at(element, "weight"), placeText(value));
      setText(button, control.label);
      button.setAttribute("aria-label", `${control.label} ${peer}`);
      button.disabled = !writable;
      button.title = writable ? "" : READ_ONLY;
    },
  };
}

/** What sets a peer apart from the others: nothing, for most. */
function placeText({ weight, priority }: PeerStatus): string {
  const share = weight === undefined || weight === 1 ? "" : `weight ${plain(weight)}`;
  const order = priority === undefined || priority === 0 ? "" : `priority ${plain(priority)}`;
  return [share, order].filter((part) => part !== "").join(", ");
}
