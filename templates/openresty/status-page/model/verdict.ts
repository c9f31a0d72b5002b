import { breakerSign, peerSign, type Sign } from "./states.ts";
import { entriesOf, type Status } from "./status.ts";

/** The page in one line: what is not as it should be, the worst first. */
export function verdictOf(status: Status): Sign {
  const breakers = entriesOf(status.breakers).map(([, { state }]) => state ?? "");
  const peers = entriesOf(status.upstreams).flatMap(([, upstream]) => entriesOf(upstream.peers));
  const states = peers.map(([, { state }]) => state ?? "");
  const bad = [
    several(breakers.filter((state) => breakerSign(state).tone === "bad").length, "breaker", "open"),
    several(states.filter((state) => peerSign(state).tone === "bad").length, "peer", "down"),
  ].filter((text) => text !== "");
  const watched = [
    several(breakers.filter((state) => state === "half_open").length, "breaker", "half open"),
    several(breakers.filter((state) => state === "forced_closed").length, "breaker", "forced closed"),
    several(states.filter((state) => state === "drain").length, "peer", "draining"),
  ].filter((text) => text !== "");
  const word = [...bad, ...watched].join(", ");
  if (bad.length > 0) return { word, tone: "bad", shape: "cross" };
  if (watched.length > 0) return { word, tone: "wait", shape: "half" };
  if (breakers.length + states.length === 0) return { word: "Running", tone: "unknown", shape: "ring" };
  return { word: "All well", tone: "good", shape: "disc" };
}

function several(number: number, noun: string, state: string): string {
  return number === 0 ? "" : `${String(number)} ${noun}${number === 1 ? "" : "s"} ${state}`;
}
