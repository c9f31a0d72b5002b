import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ipv6Text } from "./ipv6-text.ts";

/** As the WHATWG's URL standard writes an address, which has the same rules. */
function byUrl(bytes: readonly number[]): string {
  const hex = Buffer.from(bytes).toString("hex");
  const groups = hex.match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}

describe("an IPv6 address as text", () => {
  test.each([
    ["20010db8000000000000000000000001", "2001:db8::1"],
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["fe800000000000000000000000000000", "fe80::"],
    // One group of zeros is not shortened, and of two equal runs the first one is.
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["20010000000000010000000000000001", "2001:0:0:1::1"],
    ["20010000000000010000000000010001", "2001::1:0:0:1:1"],
  ])("%s is %s", (hex, text) => {
    expect(ipv6Text([...Buffer.from(hex, "hex")], 0)).toBe(text);
  });

  test("is what others write too, wherever it stands", () => {
    const byte = fc.oneof(fc.constant(0), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { minLength: 16, maxLength: 16 }), fc.nat({ max: 5 }), (bytes, from) => {
        const before = Array.from({ length: from }, () => 7);
        expect(ipv6Text([...before, ...bytes, 7], from)).toBe(byUrl(bytes));
      }),
    );
  });
});
