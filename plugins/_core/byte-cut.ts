/**
 * Cuts at positions that are known only at run time. TypeScriptToLua turns `slice` with constant positions into Lua's
 * own `string.sub`, and anything else into a call of its library, so these go by powers of two.
 */

/** The first `count` bytes of `text`, or all of it. */
function firstBytes(text: string, count: number): string {
  let taken = "";
  let rest = text;
  let left = count < text.length ? count : text.length;
  while (left >= 1024) {
    taken += rest.slice(0, 1024);
    rest = rest.slice(1024);
    left -= 1024;
  }
  while (left >= 128) {
    taken += rest.slice(0, 128);
    rest = rest.slice(128);
    left -= 128;
  }
  while (left >= 16) {
    taken += rest.slice(0, 16);
    rest = rest.slice(16);
    left -= 16;
  }
  while (left >= 1) {
    taken += rest.slice(0, 1);
    rest = rest.slice(1);
    left -= 1;
  }
  return taken;
}

/** What follows the first `count` bytes of `text`. */
function withoutFirst(text: string, count: number): string {
  let rest = text;
  let left = count < text.length ? count : text.length;
  while (left >= 4096) {
    rest = rest.slice(4096);
    left -= 4096;
  }
  while (left >= 512) {
    rest = rest.slice(512);
    left -= 512;
  }
  while (left >= 64) {
    rest = rest.slice(64);
    left -= 64;
  }
  while (left >= 8) {
    rest = rest.slice(8);
    left -= 8;
  }
  while (left >= 1) {
    rest = rest.slice(1);
    left -= 1;
  }
  return rest;
}

export { firstBytes, withoutFirst };
