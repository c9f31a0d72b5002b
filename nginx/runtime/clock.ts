import type { Clock } from "../../plugins/_kit/ports.ts";

/** nginx's cached time: read once a turn of the event loop, so it is free and the same for one request's phase. */
export const clock: Clock = { now: ngx.now };
