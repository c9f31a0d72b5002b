/**
 * Things with names, in the order in which they first came. Putting and removing take the same time however many there are.
 * @noSelf
 */
export interface KeyedList<Item extends object> {
  /** In place of the one of that name, if there is one. */
  put(name: string, item: Item): void;
  remove(name: string): void;
  items(): readonly Item[];
}

export function keyedList<Item extends object>(): KeyedList<Item> {
  // The dot in front of names keeps them apart from what every object has in JavaScript.
  const byName: Record<string, Item | undefined> = {};
  const isListed: Record<string, true | undefined> = {};
  let names: string[] = [];

  return {
    put: (name, item) => {
      const key = `.${name}`;
      byName[key] = item;
      if (isListed[key] === undefined) {
        isListed[key] = true;
        names.push(key);
      }
    },
    remove: (name) => {
      byName[`.${name}`] = undefined;
    },
    items: () => {
      const items: Item[] = [];
      const left: string[] = [];
      for (const key of names) {
        const item = byName[key];
        if (item === undefined) {
          isListed[key] = undefined;
        } else {
          items.push(item);
          left.push(key);
        }
      }
      names = left;
      return items;
    },
  };
}
