/** What people can do from the page, each as the request it becomes and the words it is confirmed with. */
import type { BreakerStatus, PeerStatus, UpstreamStatus } from "./status.ts";

export interface Control {
  /** On the button. */
  readonly label: string;
  /** The dialog's title, which names the thing. */
  readonly title: string;
  /** What will happen. */
  readonly effect: string;
  readonly path: string;
  readonly state: string;
  /** False: the change ends an override, so there is no time after which it ends by itself. */
  readonly expires: boolean;
}

/** What the form of the dialog gives. */
export interface Given {
  readonly ttlSeconds: number;
  readonly reason: string;
}

/** The body of the request. An empty reason is left to the gateway. */
export function bodyOf(control: Control, given: Given): Readonly<Record<string, unknown>> {
  const reason = given.reason.trim();
  return {
    state: control.state,
    ...(control.expires ? { ttl_seconds: given.ttlSeconds } : {}),
    ...(reason === "" ? {} : { reason }),
  };
}

export type BreakerMode = "auto" | "open" | "closed";

/** Which of the three a breaker is under now. */
export function breakerMode({ state }: BreakerStatus): BreakerMode {
  if (state === "forced_open") return "open";
  return state === "forced_closed" ? "closed" : "auto";
}

export function breakerControl(id: string, mode: BreakerMode): Control {
  const path = `/breakers/${encodeURIComponent(id)}`;
  if (mode === "auto") {
    const effect = "The breaker decides for itself again.";
    return { label: "Auto", title: `Back to automatic: ${id}`, effect, path, state: "auto", expires: false };
  }
  const effect =
    mode === "open"
      ? "Every request that it guards is turned away until the time is over."
      : "Every request is let through, however many fail, until the time is over.";
  return { label: `Force ${mode}`, title: `Force ${mode}: ${id}`, effect, path, state: mode, expires: true };
}

/** The button of a peer: it takes it out, or undoes what people did. What probes or its source say of it is not undone. */
export function peerControl(upstream: string, peer: string, { override_until }: PeerStatus): Control {
  const path = `/upstreams/${encodeURIComponent(upstream)}/peers/${encodeURIComponent(peer)}`;
  if (override_until !== undefined) {
    const effect = `${peer} gets requests of ${upstream} again.`;
    return { label: "Put back", title: `Put back: ${peer}`, effect, path, state: "up", expires: false };
  }
  const effect = `${peer} gets no new requests of ${upstream}; those under way are finished. It comes back when the time is over.`;
  return { label: "Drain", title: `Drain: ${peer}`, effect, path, state: "drain", expires: true };
}

/** Why peers cannot be drained from here, or undefined when they can. */
export function fixedPeers(name: string, { picked_by }: UpstreamStatus): string | undefined {
  if (picked_by !== "nginx") return undefined;
  return `nginx picks these peers, so they cannot be drained here. Write balance: { policy: round-robin } in upstreams.${name} to have them picked in Lua.`;
}

/** What the gateway said to a change that it refused. */
export function refusalText(httpStatus: number, body: string): string {
  const { error, message } = refusalIn(body);
  if (message === undefined) return `The gateway answered ${String(httpStatus)}.`;
  const told = error === undefined ? message : `${message} (${error})`;
  return httpStatus === 401 ? `This is not the token: ${told}` : told;
}

function refusalIn(body: string): { readonly error?: string; readonly message?: string } {
  try {
    return (JSON.parse(body) as object | null) ?? {};
  } catch {
    // Not ours: a proxy in between. The status says enough.
    return {};
  }
}
