import { integerText } from "../text.ts";

/** The texts of small whole numbers, each made once: to look one up costs a third of making it. */
const SMALL = 2048;
const texts: string[] = [];

/** Decimal text of a whole number from 0 to 1e14. */
function numberText(value: number): string {
  if (value >= SMALL) {
    const text = integerText(value);
    return text;
  }
  let text = texts[value];
  if (text === undefined) {
    text = integerText(value);
    texts[value] = text;
  }
  return text;
}

export { numberText };
