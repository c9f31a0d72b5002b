/** The admin server of a running gateway, seen from the command line. */
export { DEFAULT_ADMIN_URL, findAdmin, type AdminAddress, type AdminChoice } from "./admin-address.ts";
export { adminClient, AdminRefusal, type AdminClient } from "./admin-client.ts";
export { fetchDecisions, readControl, readStatus } from "./read-status.ts";
export { readPeer } from "./read-upstream.ts";
export type * from "./status.ts";
