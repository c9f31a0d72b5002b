import fc from "fast-check";
import pc from "picocolors";
import { expect, test } from "vitest";
import { screenFake } from "../../test/harness/screen-fake.ts";
import { drawFrame, rowsOf } from "./draw-frame.ts";
import { span, type Line } from "./line.ts";

const size = { columns: 12, rows: 4 };
const colors = pc.createColors(true);
const rows = (...texts: string[]) =>
  rowsOf(
    texts.map((text) => [span(text)]),
    size,
    colors,
  );

test("the first picture clears the screen, the next one writes only what changed", () => {
  const first = rows("one", "two", "three");
  expect(drawFrame(undefined, first)).toBe(
    "\u001b[?2026h\u001b[H\u001b[2J\u001b[1;1Hone\u001b[2;1Htwo\u001b[3;1Hthree\u001b[?2026l",
  );
  const second = drawFrame(first, rows("one", "2", "three"));
  expect(second).toBe("\u001b[?2026h\u001b[2;1H2\u001b[K\u001b[?2026l");
});

test("nothing is written when nothing changed", () => {
  expect(drawFrame(rows("one"), rows("one"))).toBe("");
});

test("a picture of another height is drawn anew", () => {
  const shorter = rowsOf([], { columns: 12, rows: 3 }, colors);
  expect(drawFrame(shorter, rows("one"))).toContain("\u001b[2J");
});

test("whatever the pictures were, the screen shows the last one", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "▁", "é"), maxLength: 20 });
  const tone = fc.constantFrom("plain", "strong", "bad" as const);
  const line = fc.array(fc.record({ text, tone }), { maxLength: 3 }) as fc.Arbitrary<Line>;
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 6 }), { minLength: 1, maxLength: 5 }), (pictures) => {
      const screen = screenFake(size.columns, size.rows);
      let shown: ReturnType<typeof rows> | undefined;
      for (const picture of pictures) {
        const next = rowsOf(picture, size, colors);
        screen.write(drawFrame(shown, next));
        shown = next;
      }
      const anew = screenFake(size.columns, size.rows);
      anew.write(drawFrame(undefined, shown!));
      expect(screen.rows()).toEqual(anew.rows());
    }),
  );
});
