import { breakerSign, peerSign } from "./states.ts";
import { entriesOf, type Status } from "./status.ts";

/** What changed its state between two looks, as sentences for those who listen to the page. */
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
  return [...breakers, ...peers];
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === "" ? "." : `: ${reason}.`;
}
