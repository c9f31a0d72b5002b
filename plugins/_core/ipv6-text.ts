/** An IPv6 address as text in the one form that RFC 5952 recommends, so that equal addresses are equal texts. */

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];
const GROUPS = 8;

function groupText(group: number): string {
  let text = "";
  let rest = group;
  do {
    const above = Math.floor(rest / 16);
    text = `${DIGITS[rest - above * 16] ?? ""}${text}`;
    rest = above;
  } while (rest > 0);
  return text;
}

/** How many groups from `from` on are 0. */
function zerosAt(groups: readonly number[], from: number): number {
  let end = from;
  while (end < GROUPS && groups[end] === 0) {
    end += 1;
  }
  return end - from;
}

/** Where the longest run of zeros begins, the first of equals; 8 when none has two: one alone is written as it is. */
function longestZeros(groups: readonly number[]): number {
  let best = GROUPS;
  let most = 1;
  for (let at = 0; at < GROUPS; at++) {
    const length = zerosAt(groups, at);
    if (length > most) {
      best = at;
      most = length;
    }
  }
  return best;
}

/** @param bytes the 16 bytes from `from` on are the address */
export function ipv6Text(bytes: readonly number[], from: number): string {
  const groups: number[] = [];
  for (let at = 0; at < GROUPS; at++) {
    groups.push((bytes[from + at * 2] ?? 0) * 256 + (bytes[from + at * 2 + 1] ?? 0));
  }
  const gap = longestZeros(groups);
  let text = "";
  let at = 0;
  while (at < GROUPS) {
    if (at === gap) {
      text += "::";
      at += zerosAt(groups, at);
    } else {
      const isFirst = text === "" || text.slice(-1) === ":";
      text += isFirst ? groupText(groups[at] ?? 0) : `:${groupText(groups[at] ?? 0)}`;
      at += 1;
    }
  }
  return text;
}
