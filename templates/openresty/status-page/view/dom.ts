/** Finding and filling what stands in page.html. Values come from outside: they become text, never markup. */

/** @throws Error when page.html has no such element */
export function find<T extends Element>(within: ParentNode, selector: string, type: new () => T): T {
  const found = within.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** The element of a part of the page that values are put into: `data-at="name"`. */
export function at(within: ParentNode, name: string): HTMLElement {
  return find(within, `[data-at="${name}"]`, HTMLElement);
}

/** Replaces the text in place, and only when it is another: nothing moves, nothing flickers, a selection stays. */
export function setText(element: Element, text: string): void {
  const only = element.firstChild;
  if (only instanceof Text && element.childNodes.length === 1) {
    if (only.data !== text) only.data = text;
  } else if (text !== "" || only !== null) {
    element.textContent = text;
  }
}

export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A copy of a template of page.html: its one element. */
export function copyOf(id: string): HTMLElement {
  const template = find(document, `#${id}`, HTMLTemplateElement);
  const copy = document.importNode(template.content, true).firstElementChild;
  if (!(copy instanceof HTMLElement)) throw new Error(`the template ${id} holds no element`);
  return copy;
}
