import { breakerSign, peerSign, sourceSign } from "./states.ts";
import { entriesOf, type Status } from "./status.ts";

/** Nobody listens to a thousand peers. */
const SAID = 5;

/** What changed its state between two looks, as sentences for those who listen to the page: a few, and how many more. */
export function changesBetween(before: Status, after: Status): readonly string[] {
  const breakers = entriesOf(after.breakers).flatMap(([id, { state, reason }]) => {
    const was = before.breakers?.[id]?.state;
    if (was === undefined || was === state) return [];
    return [`Breaker ${id} is ${breakerSign(state).word}${because(reason)}`];
  });
  const peers = entriesOf(after.upstreams).flatMap(([name, upstream]) =>
    entriesOf(upstream.peers).flatMap(([peer, { state, why }]) => {
      const was = before.upstreams?.[name]?.peers?.[peer]?.state;
      if (was === undefined || was === state) return [];
      return [`Peer ${peer} of ${name} is ${peerSign(state).word}${because(why)}`];
    }),
  );
  const sources = entriesOf(after.upstreams).flatMap(([name, upstream]) =>
    entriesOf(upstream.sources).flatMap(([source, { state, problem }]) => {
      const was = before.upstreams?.[name]?.sources?.[source]?.state;
      if (was === undefined || was === state) return [];
      return [`Source ${source} of ${name} is ${sourceSign(state).word}${because(problem)}`];
    }),
  );
  const all = [...breakers, ...sources, ...peers];
  return all.length <= SAID ? all : [...all.slice(0, SAID), `${String(all.length - SAID)} more changed.`];
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === "" ? "." : `: ${reason}.`;
}
