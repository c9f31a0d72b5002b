import type { Shape, Sign } from "../model/states.ts";
import { setAttribute, setText } from "./dom.ts";

const SVG = "http://www.w3.org/2000/svg";

/** In a square of 12. Each is another outline, so that the state can be told without its color. */
const OUTLINES: Readonly<Record<Shape, string>> = {
  disc: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z",
  half: "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10ZM6 2.6v6.8a3.4 3.4 0 1 1 0-6.8Z",
  ring: "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10ZM6 2.6a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8Z",
  cross: "M6 .6 11.6 11H.4ZM5.3 4.4v3h1.4v-3ZM5.3 8.3v1.4h1.4V8.3Z",
  slash: "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10ZM3.8 3A3.7 3.7 0 0 1 9 8.2ZM3 3.8 8.2 9A3.7 3.7 0 0 1 3 3.8Z",
  diamond: "M6 0 12 6 6 12 0 6ZM5.3 3.2v3.4h1.4V3.2ZM5.3 7.4v1.4h1.4V7.4Z",
  lock: "M2 5.2h1V4a3 3 0 0 1 6 0v1.2h1V11H2ZM4.4 5.2h3.2V4a1.6 1.6 0 0 0-3.2 0Z",
};

/** Shows a state as its shape and word. */
export function showSign(element: Element, sign: Sign): void {
  let [icon, word] = element.children;
  if (icon === undefined || word === undefined) {
    icon = document.createElementNS(SVG, "svg");
    icon.append(document.createElementNS(SVG, "path"));
    setAttribute(icon, "viewBox", "0 0 12 12");
    setAttribute(icon, "aria-hidden", "true");
    word = document.createElement("span");
    element.replaceChildren(icon, word);
  }
  setAttribute(element, "data-tone", sign.tone);
  const path = icon.firstElementChild;
  if (path !== null) {
    setAttribute(path, "d", OUTLINES[sign.shape]);
    setAttribute(path, "fill-rule", "evenodd");
  }
  setText(word, sign.word);
}
