import fc from "fast-check";
import { isIP } from "node:net";
import { describe, expect, it, test } from "vitest";
import { ipAddress } from "./ip-address.ts";

describe("ipAddress", () => {
  test.each([
    "0.0.0.0",
    "10.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "1::",
    "fe80::1",
    "1:2:3:4:5:6:7:8",
    "::ffff:1.2.3.4",
  ])("takes %s", (text) => {
    expect(ipAddress(text)).toBe(text);
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4 ",
    "a.b.c.d",
    "localhost",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    ":1",
    "1:",
    ":::",
    "12345::",
    "1:2:3:4:5:6:7::8:9",
    "fe80::1%eth0",
    "[::1]",
    "::1.2.3.4.5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "0".repeat(4000),
  ])("refuses %j", (text) => {
    expect(ipAddress(text)).toBeUndefined();
  });

  it("gives IPv6 in small letters, so that one address is one text", () => {
    expect(ipAddress("FE80::AB")).toBe("fe80::ab");
  });

  it("agrees with Node's own reader", () => {
    const nearMisses = fc.string({ unit: fc.constantFrom("1", "2", "25", "0", "f", ":", "::", "."), maxLength: 16 });
    const groups = fc.array(fc.constantFrom("0", "1", "abcd", "FFFF", "", "1.2.3.4"), { minLength: 2, maxLength: 9 });
    const text = fc.oneof(
      nearMisses,
      groups.map((parts) => parts.join(":")),
      fc.ipV4(),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(text, (text) => {
        expect(ipAddress(text)).toBe(isIP(text) === 0 ? undefined : text.toLowerCase());
      }),
      { numRuns: 5000 },
    );
  });
});
