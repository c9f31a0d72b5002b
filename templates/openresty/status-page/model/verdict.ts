import { breakerSign, type Sign } from "./states.ts";
import { entriesOf, type Status, type UpstreamStatus } from "./status.ts";

/** The page in one line: what is not as it should be, the worst first. */
export function verdictOf(status: Status): Sign {
  const breakers = entriesOf(status.breakers).map(([, { state }]) => state ?? "");
  const upstreams = entriesOf(status.upstreams).map(([, upstream]) => upstream);
  const states = upstreams.flatMap(({ peers }) => entriesOf(peers).map(([, { state }]) => state ?? ""));
  const sources = upstreams.flatMap((upstream) => entriesOf(upstream.sources).map(([, { state }]) => state));
  const inState = (state: string): number => states.filter((one) => one === state).length;
  const bad = [
    several(upstreams.filter(hasNoPeer).length, "upstream", "without a peer"),
    several(breakers.filter((state) => breakerSign(state).tone === "bad").length, "breaker", "open"),
    several(upstreams.filter(({ panic }) => panic === true).length, "upstream", "in panic"),
    several(inState("down"), "peer", "down"),
    several(inState("unhealthy"), "peer", "unhealthy"),
    several(inState("ejected"), "peer", "ejected"),
    several(sources.filter((state) => state === "failing").length, "source", "failing"),
  ].filter((text) => text !== "");
  const watched = [
    several(breakers.filter((state) => state === "half_open").length, "breaker", "half open"),
    several(breakers.filter((state) => state === "forced_closed").length, "breaker", "forced closed"),
    several(inState("drain"), "peer", "draining"),
  ].filter((text) => text !== "");
  const word = [...bad, ...watched].join(", ");
  if (bad.length > 0) return { word, tone: "bad", shape: "cross" };
  if (watched.length > 0) return { word, tone: "wait", shape: "half" };
  if (breakers.length + states.length === 0) return { word: "Running", tone: "unknown", shape: "ring" };
  return { word: "All well", tone: "good", shape: "disc" };
}

function hasNoPeer({ peers_available }: UpstreamStatus): boolean {
  return peers_available === 0;
}

function several(number: number, noun: string, state: string): string {
  return number === 0 ? "" : `${String(number)} ${noun}${number === 1 ? "" : "s"} ${state}`;
}
