import type { Reject } from "../../plugins/_kit/decision.ts";

/** What a request is answered that no peer takes. */
export const NO_PEER: Reject = {
  kind: "reject",
  status: 503,
  headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  body: '{"error":"E_NO_PEER","message":"no peer of this route\'s upstream takes requests"}\n',
};
