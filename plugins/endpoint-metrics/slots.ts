import { integerText } from "../_core/text.ts";
import type { Clock, Json, Random, Store } from "../_kit/ports.ts";

/** What a slot keeps: a series of requests, a gauge of requests under way, or tokens. */
export type Kind = "requests" | "in_flight" | "tokens";

/** Who may have a slot. */
export interface Identity {
  readonly kind: Kind;
  /** Its labels in Prometheus' text. */
  readonly labels: string;
  /** Of its histograms; empty where it has none. */
  readonly bounds: readonly number[];
  /** When the configuration that the bounds are from began to work: of two the later one holds. */
  readonly bornSeconds: number;
  readonly idleSeconds: number;
  /** One of the few that configuration bounds: a place of its own kind, however full the others are. */
  readonly reserved: boolean;
}

/** A place in the dict, as one worker knows it. */
export interface Slot {
  readonly number: number;
  /** What lies under `slot:<number>` as long as it is this one. */
  readonly text: string;
  readonly bounds: readonly number[];
  /** Keys by field, made when first needed. */
  readonly keys: Record<string, string | undefined>;
  touchedSeconds: number;
}

/** What is read back of a slot. */
export interface Found {
  readonly number: number;
  readonly kind: Kind;
  readonly bornSeconds: number;
  readonly bounds: readonly number[];
  readonly labels: string;
}

/** Slots 1 to this are for `reserved` identities. */
export const RESERVED_SLOTS = 1024;
/** Another worker that registers the same series is done in less. */
const LOCK_SECONDS = 5;
const LOCK_TRIES = 200;
/** After all slots were found taken, none is looked for so long. */
const FULL_SECONDS = 5;

export function slotKey(number: number): string {
  return `slot:${integerText(number)}`;
}

export function idKey(kind: string, labels: string): string {
  return `id:${kind}:${labels}`;
}

/** When the slot may be freed. */
export function idleKey(number: number): string {
  return `${integerText(number)}:t`;
}

export function fieldKey(slot: Slot, field: string): string {
  const known = slot.keys[field];
  if (known !== undefined) {
    return known;
  }
  const key = `${integerText(slot.number)}:${field}`;
  slot.keys[field] = key;
  return key;
}

/** @noSelf */
export interface Slots {
  /** Finds the identity's slot or takes one; undefined when all are taken, or when another worker is at it just now. */
  open(identity: Identity): Slot | undefined;
  /** Finds it, and takes none. */
  find(identity: Identity): Slot | undefined;
  /** Whether the slot is still this identity's. One read of the dict. */
  holds(slot: Slot): boolean;
  /** Keeps the slot from being freed for the identity's idle time. Writes seldom. */
  touch(slot: Slot, identity: Identity): void;
  /** Whether no slot was free of late. */
  full(identity: Identity): boolean;
  /** The most series there may be, without the reserved ones. */
  limit(): number;
  /** Makes room for so many; never fewer than before. */
  raise(limit: number): void;
  read(number: number): Found | undefined;
  /** The highest slot that may be in use. */
  last(): number;
}

function sameBounds(one: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < one.length; i++) {
    if (one[i] !== other[i]) {
      return false;
    }
  }
  return one.length === other.length;
}

/** The registry of series in the dict: who has which slot. */
export function createSlots(store: Store, clock: Clock, random: Random, json: Json, capacityLimit: number): Slots {
  let limit = 0;
  let fullUntil = 0;
  let reservedFullUntil = 0;

  function parse(number: number, text: string): Found | undefined {
    const fields = json.decode(text) as readonly unknown[] | undefined;
    if (fields === undefined) {
      return undefined;
    }
    const kind = fields[0] as Kind;
    const bornSeconds = fields[1] as number;
    const bounds = fields[2] as readonly number[];
    const labels = fields[3] as string;
    return { number, kind, bornSeconds, bounds, labels };
  }

  function read(number: number): Found | undefined {
    const text = store.get(slotKey(number));
    return typeof text === "string" ? parse(number, text) : undefined;
  }

  function find(identity: Identity): Slot | undefined {
    const number = store.get(idKey(identity.kind, identity.labels));
    if (typeof number !== "number") {
      return undefined;
    }
    const text = store.get(slotKey(number));
    const found = typeof text === "string" ? parse(number, text) : undefined;
    if (typeof text !== "string" || found === undefined || found.labels !== identity.labels) {
      return undefined;
    }
    if (!sameBounds(found.bounds, identity.bounds) && found.bornSeconds <= identity.bornSeconds) {
      return undefined;
    }
    return { number, text, bounds: found.bounds, keys: {}, touchedSeconds: 0 };
  }

  function take(identity: Identity): Slot | undefined {
    const { kind, bornSeconds, bounds, labels, reserved } = identity;
    const text = json.encode([kind, bornSeconds, bounds, labels]);
    const first = reserved ? 1 : RESERVED_SLOTS + 1;
    const count = reserved ? RESERVED_SLOTS : limit;
    const start = Math.floor(random.next() * count);
    for (let i = 0; i < count; i++) {
      const at = start + i;
      const number = first + (at < count ? at : at - count);
      if (store.add(slotKey(number), text)) {
        return { number, text, bounds, keys: {}, touchedSeconds: 0 };
      }
    }
    if (reserved) {
      reservedFullUntil = clock.now() + FULL_SECONDS;
    } else {
      fullUntil = clock.now() + FULL_SECONDS;
    }
    return undefined;
  }

  function full(identity: Identity): boolean {
    return clock.now() < (identity.reserved ? reservedFullUntil : fullUntil);
  }

  function touch(slot: Slot, identity: Identity): void {
    const now = clock.now();
    if (now - slot.touchedSeconds >= identity.idleSeconds / 4 || now < slot.touchedSeconds) {
      slot.touchedSeconds = now;
      store.set(idleKey(slot.number), now + identity.idleSeconds);
    }
  }

  /** The caller has the lock. */
  function register(identity: Identity): Slot | undefined {
    const key = idKey(identity.kind, identity.labels);
    const before = store.get(key);
    const slot = take(identity);
    if (slot === undefined) {
      return undefined;
    }
    touch(slot, identity);
    store.set(key, slot.number);
    if (typeof before === "number" && read(before)?.labels === identity.labels) {
      // Of a configuration with other buckets: what it counted cannot be shown in these.
      store.set(slotKey(before), clock.now());
    }
    return slot;
  }

  return {
    find,
    open: (identity) => {
      const lock = `lock:${identity.labels}`;
      for (let i = 0; i < LOCK_TRIES; i++) {
        const found = find(identity);
        if (found !== undefined || full(identity)) {
          return found;
        }
        if (store.add(lock, true, LOCK_SECONDS)) {
          const slot = find(identity) ?? register(identity);
          store.remove(lock);
          return slot;
        }
      }
      return undefined;
    },
    holds: (slot) => store.get(slotKey(slot.number)) === slot.text,
    touch,
    full,
    limit: () => limit,
    raise: (wanted) => {
      const most = wanted < capacityLimit ? wanted : capacityLimit;
      if (most > limit) {
        limit = most;
        fullUntil = 0;
      }
    },
    read,
    last: () => RESERVED_SLOTS + limit,
  };
}
