/** One thing that is shown: its element, and how another look at it gets in. */
export interface Shown<T> {
  readonly element: HTMLElement;
  update(value: T): void;
}

/**
 * Shows entries as children of `parent`, each made once and then updated in place: focus, selection and open details stay,
 * also of one that comes to another place.
 * @returns shows these entries, in this order
 */
export function keyedList<T>(
  parent: Element,
  make: (key: string) => Shown<T>,
): (entries: readonly (readonly [string, T])[]) => void {
  const shown = new Map<string, Shown<T>>();
  return (entries) => {
    const focused = parent.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Set(entries.map(([key]) => key));
    for (const [key, { element }] of shown) {
      if (wanted.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    for (const [index, [key, value]] of entries.entries()) {
      let one = shown.get(key);
      if (one === undefined) {
        one = make(key);
        shown.set(key, one);
      }
      one.update(value);
      const there = parent.children[index];
      // Moved only when it is elsewhere: moving takes the focus away.
      if (there !== one.element) parent.insertBefore(one.element, there ?? null);
    }
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true });
  };
}
