import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../test/harness/candidates.ts";
import { hashText, mixHash } from "./hash-text.ts";

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));

/** MurmurHash3_x86_32 with seed 0, as it is written for machines that multiply 32 bits. */
function murmur(text: string): number {
  const bytes = Buffer.from(text, "latin1");
  let hash = 0;
  const scramble = (word: number) => Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) {
    hash = (Math.imul(rotate(hash ^ scramble(bytes.readUInt32LE(at)), 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= whole; at--) tail = (tail << 8) | bytes[at]!;
  hash ^= bytes.length > whole ? scramble(tail) : 0;
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const latin1 = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 200, size: "max" });

describe("hashText", () => {
  it.each([
    ["", 0],
    ["test", 0xba6bd213],
    ["Hello, world!", 0xc0363e43],
    ["The quick brown fox jumps over the lazy dog", 0x2e4ff723],
  ])("of %j is what others compute", (text, hash) => {
    expect(hashText(text)).toBe(hash);
    expect(murmur(text)).toBe(hash);
  });

  it("is MurmurHash3 of any text", () => {
    fc.assert(
      fc.property(latin1, (text) => {
        expect(hashText(text)).toBe(murmur(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes in the whole of long texts", () => {
    const text = "x".repeat(1000);
    expect(hashText(text)).toBe(murmur(text));
    expect(hashText(`${text}y`)).toBe(murmur(`${text}y`));
  });

  it("changes each bit with every other one, whichever bit of the text changes", () => {
    const changed = Array.from({ length: 32 }, () => 0);
    let texts = 0;
    for (let n = 0; n < 200; n++) {
      const text = `user-${String(n)}`;
      const hash = hashText(text);
      for (let bit = 0; bit < 8 * text.length; bit++) {
        const at = bit >> 3;
        const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit & 7)));
        const other = hashText(text.slice(0, at) + flipped + text.slice(at + 1));
        for (let out = 0; out < 32; out++) changed[out]! += ((hash ^ other) >>> out) & 1;
        texts += 1;
      }
    }
    for (const count of changed) expect(Math.abs(count / texts - 0.5)).toBeLessThan(0.02);
  });
});

describe("mixHash", () => {
  it("is a whole number of 32 bits without a sign", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(2 ** 18), (hash, n) => {
        const mixed = mixHash(hash, n);
        expect(Number.isInteger(mixed) && mixed >= 0 && mixed <= 0xffffffff).toBe(true);
      }),
    );
  });

  it("is another row of hashes for the next hash, and not the same one from the second on", () => {
    for (let n = 1; n < 100; n++) expect(mixHash(1000, n)).not.toBe(mixHash(1001, n - 1));
  });

  it("has for each n bits that do not depend on each other", () => {
    const random = seededRandom(1);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [3, 200_000],
    ] as const) {
      const changed = Array.from({ length: 32 }, () => 0);
      for (let i = 0; i < 5000; i++) {
        const hash = Math.floor(random() * 2 ** 32);
        const difference = mixHash(hash, a) ^ mixHash(hash, b);
        for (let bit = 0; bit < 32; bit++) changed[bit]! += (difference >>> bit) & 1;
      }
      for (const count of changed) expect(Math.abs(count / 5000 - 0.5)).toBeLessThan(0.04);
    }
  });
});
