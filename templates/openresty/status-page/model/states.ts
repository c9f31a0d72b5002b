/** How a state is shown: a word and a shape for those who do not see the color. */

export type Tone = "good" | "wait" | "bad" | "held" | "unknown";
export type Shape = "disc" | "half" | "ring" | "cross" | "lock" | "slash" | "diamond";

export interface Sign {
  readonly word: string;
  readonly tone: Tone;
  readonly shape: Shape;
}

const BREAKER: Readonly<Record<string, Sign>> = {
  closed: { word: "closed", tone: "good", shape: "disc" },
  half_open: { word: "half open", tone: "wait", shape: "half" },
  open: { word: "open", tone: "bad", shape: "cross" },
  forced_open: { word: "forced open", tone: "bad", shape: "lock" },
  forced_closed: { word: "forced closed", tone: "held", shape: "lock" },
};

const PEER: Readonly<Record<string, Sign>> = {
  up: { word: "up", tone: "good", shape: "disc" },
  drain: { word: "draining", tone: "wait", shape: "half" },
  down: { word: "down", tone: "bad", shape: "cross" },
  unhealthy: { word: "unhealthy", tone: "bad", shape: "diamond" },
  ejected: { word: "ejected", tone: "bad", shape: "slash" },
};

const SOURCE: Readonly<Record<string, Sign>> = {
  ok: { word: "ok", tone: "good", shape: "disc" },
  never: { word: "not heard of yet", tone: "wait", shape: "half" },
  failing: { word: "failing", tone: "bad", shape: "cross" },
};

/** Of an upstream that uses all of its peers, well or not. */
export const PANIC: Sign = { word: "panic", tone: "bad", shape: "cross" };

function signIn(signs: Readonly<Record<string, Sign>>, state: string | undefined): Sign {
  const known = state === undefined ? undefined : signs[state];
  return known ?? { word: state ?? "unknown", tone: "unknown", shape: "ring" };
}

export function breakerSign(state: string | undefined): Sign {
  return signIn(BREAKER, state);
}

export function peerSign(state: string | undefined): Sign {
  return signIn(PEER, state);
}

export function sourceSign(state: string | undefined): Sign {
  return signIn(SOURCE, state);
}
