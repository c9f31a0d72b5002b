import fc from "fast-check";
import { expect, test } from "vitest";
import { keyedList } from "./keyed-list.ts";

test("does what a Map does, in whatever order things come and go", () => {
  const step = fc.oneof(
    fc.tuple(fc.constant("put" as const), fc.constantFrom("a", "b", "c", "constructor", "__proto__"), fc.nat()),
    fc.tuple(fc.constant("remove" as const), fc.constantFrom("a", "b", "c", "constructor", "__proto__")),
    fc.tuple(fc.constant("look" as const)),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const list = keyedList<{ readonly value: number }>();
      const model = new Map<string, { readonly value: number }>();
      const sorted = (items: Iterable<{ value: number }>): number[] => [...items].map(({ value }) => value).sort();
      for (const [act, name = "", value = 0] of steps) {
        if (act === "put") {
          list.put(name, { value });
          model.set(name, { value });
        } else if (act === "remove") {
          list.remove(name);
          model.delete(name);
        }
        if (act === "look") expect(sorted(list.items())).toEqual(sorted(model.values()));
      }
      expect(sorted(list.items())).toEqual(sorted(model.values()));
    }),
  );
});

test("keeps the order in which names first came", () => {
  const list = keyedList<{ readonly value: number }>();
  for (const [name, value] of [
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["a", 4],
  ] as const)
    list.put(name, { value });
  list.remove("b");
  expect(list.items().map(({ value }) => value)).toEqual([4, 3]);
  list.put("b", { value: 5 });
  expect(list.items().map(({ value }) => value)).toEqual([4, 3, 5]);
});
