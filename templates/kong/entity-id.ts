import { createHash } from "node:crypto";

/** Names of this product's entities: a UUID that nobody else makes names in. */
const NAMESPACE = Buffer.from("5c0a1e7b0f3d4d6c9a52b1f2c3d4e5f6", "hex");

/**
 * The id of an entity by its kind and name, the same in every build: Kong then sees a change and not a new entity, and
 * plugins keep their state. A UUID of version 5 (RFC 9562, section 5.5).
 */
export function entityId(kind: string, ...names: readonly string[]): string {
  const hash = createHash("sha1")
    .update(NAMESPACE)
    .update(JSON.stringify([kind, ...names]));
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
