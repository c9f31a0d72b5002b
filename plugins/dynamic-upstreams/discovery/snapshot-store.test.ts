import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MemoryStore, memoryStore } from "../../../test/harness/memory-store.ts";
import { publish, publishedVersion, readPublished } from "./snapshot-store.ts";

const LONG = 200_000;
const text = (letter: string, length = LONG): string => letter.repeat(length);
const newStore = (): MemoryStore => memoryStore(() => 0);

/** A text of one letter in short: `a 200000`. Others are mixed of several. */
function short(found: string | undefined): string {
  if (found === undefined) return "nothing";
  return found === text(found.slice(0, 1), found.length) ? `${found.slice(0, 1)} ${found.length}` : "mixed";
}
const readIn = (store: MemoryStore): string => short(readPublished(store, "sets:users", 0)?.text);

/** Runs `act` and, before its n-th operation on the store, `meanwhile`. */
function interrupted(store: MemoryStore, operation: number, meanwhile: () => void, act: () => void): void {
  let left = operation;
  store.interrupt = () => {
    left -= 1;
    if (left !== 0) return;
    store.interrupt = undefined;
    meanwhile();
  };
  act();
  store.interrupt = undefined;
}

describe("what is published", () => {
  it("is read whole, however long it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1, 61_439, 61_440, 61_441, LONG), { minLength: 1, maxLength: 6 }),
        (lengths) => {
          const store = newStore();
          for (const [index, length] of lengths.entries()) {
            const written = text(String(index), length);
            expect(publish(store, "sets:users", written)).toBe(publishedVersion(store, "sets:users"));
            expect(readPublished(store, "sets:users", 0)?.text === written).toBe(true);
          }
        },
      ),
    );
  });

  it("lies in entries of at most 64 KiB", () => {
    const store = newStore();
    publish(store, "sets:users", text("a"));
    const sizes = store.keys().map((key) => String(store.get(key)).length);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024 - 1024);
    expect(sizes.length).toBe(6);
  });

  it("is read once, and again when it is another", () => {
    const store = newStore();
    expect(readPublished(store, "sets:users", 0)).toBeUndefined();
    publish(store, "sets:users", "one");
    const first = readPublished(store, "sets:users", 0);
    expect(first?.text).toBe("one");
    store.operations = 0;
    expect(readPublished(store, "sets:users", first!.version)).toBeUndefined();
    expect(store.operations).toBe(1);
    publish(store, "sets:users", "two");
    expect(readPublished(store, "sets:users", first!.version)?.text).toBe("two");
  });

  it("is apart for each name", () => {
    const store = newStore();
    publish(store, "sets:users", "one");
    publish(store, "sets:orders", "two");
    const names = ["sets:users", "sets:orders"];
    expect(names.map((name) => readPublished(store, name, 0)?.text)).toEqual(["one", "two"]);
  });

  it("leaves nothing of a longer text before it", () => {
    const store = newStore();
    publish(store, "sets:users", text("a"));
    publish(store, "sets:users", text("b"));
    publish(store, "sets:users", "c");
    publish(store, "sets:users", "d");
    expect(store.keys()).toHaveLength(4);
  });
});

describe("a reader", () => {
  it("always finds one of the texts whole while another one is written", () => {
    const seen: string[] = [];
    for (let operation = 1; operation <= 8; operation++) {
      const store = newStore();
      publish(store, "sets:users", text("a"));
      publish(store, "sets:users", text("b", 1000));
      interrupted(
        store,
        operation,
        () => seen.push(readIn(store)),
        () => publish(store, "sets:users", text("c")),
      );
      expect(readIn(store)).toBe("c 200000");
    }
    // The counter, four chunks, what lies behind them, the version: only then it is the new one.
    expect(seen).toEqual(Array.from({ length: 7 }, () => "b 1000"));
  });

  it("gives up, and never mixes, when two texts are written while it reads", () => {
    const seen: string[] = [];
    for (let operation = 1; operation <= 5; operation++) {
      const store = newStore();
      publish(store, "sets:users", text("a"));
      const meanwhile = (): void => {
        publish(store, "sets:users", text("b"));
        publish(store, "sets:users", text("c"));
      };
      interrupted(store, operation, meanwhile, () => seen.push(readIn(store)));
      expect(readIn(store)).toBe("c 200000");
    }
    // The version, then four chunks.
    expect(seen).toEqual(["c 200000", "nothing", "nothing", "nothing", "nothing"]);
  });

  it("never mixes what two writers wrote at once", () => {
    for (let operation = 1; operation <= 7; operation++) {
      const store = newStore();
      publish(store, "sets:users", text("a"));
      interrupted(
        store,
        operation,
        () => publish(store, "sets:users", text("b")),
        () => publish(store, "sets:users", text("c")),
      );
      expect(readIn(store)).toBeOneOf(["b 200000", "c 200000"]);
    }
  });

  it.each([0, 1, 2, 3])(
    "finds nothing when chunk %i was pushed out of the memory, until it is published again",
    (chunk) => {
      const store = newStore();
      publish(store, "sets:users", text("a"));
      store.remove(`sets:users:1:${chunk}`);
      expect(readIn(store)).toBe("nothing");
      publish(store, "sets:users", text("a"));
      expect(readIn(store)).toBe("a 200000");
    },
  );

  it("finds the text before when a writer died in the middle, and what comes after", () => {
    const store = newStore();
    publish(store, "sets:users", text("a"));
    const dying: MemoryStore = { ...store, set: (key, value) => !key.endsWith(":version") && store.set(key, value) };
    expect(publish(dying, "sets:users", text("b"))).toBeUndefined();
    expect(readIn(store)).toBe("a 200000");
    publish(store, "sets:users", text("c"));
    expect(readIn(store)).toBe("c 200000");
  });
});

it("publishes nothing where there is no memory", () => {
  const store = newStore();
  const full = { ...store, set: () => false };
  expect(publish(full, "sets:users", "a")).toBeUndefined();
  store.set("sets:users:count", "no number");
  expect(publish(store, "sets:users", "a")).toBeUndefined();
  expect(readIn(store)).toBe("nothing");
});
