import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { basePath, parseUrl } from "./url.ts";

describe("parseUrl", () => {
  test.each([
    ["http://consul:8500", "http", "consul", 8500, "", "consul:8500"],
    ["https://kubernetes.default.svc", "https", "kubernetes.default.svc", 443, "", "kubernetes.default.svc:443"],
    ["http://10.0.0.1/eureka/", "http", "10.0.0.1", 80, "/eureka/", "10.0.0.1:80"],
    ["http://[FD00::1]:8761/eureka", "http", "fd00::1", 8761, "/eureka", "[fd00::1]:8761"],
    ["https://a_b.c/peers?zone=a&x=1#part", "https", "a_b.c", 443, "/peers?zone=a&x=1", "a_b.c:443"],
    ["http://a?b=/c", "http", "a", 80, "/?b=/c", "a:80"],
  ])("takes %s apart", (text, scheme, host, port, path, place) => {
    expect(parseUrl(text)).toEqual({ scheme, host, port, path, place });
  });

  test.each([
    "",
    "consul:8500",
    "ftp://a",
    "http://",
    "http:///path",
    "http://a:0",
    "http://a:65536",
    "http://a:8o",
    "http://a:",
    "http://user:secret@a/",
    "http://user@a/",
    "http://user@a:80/",
    "http://a b/",
    "http://a/\r\nX: y",
    "http://ä/",
    "http://[::1",
    "http://[::1]x",
    "http://[10.0.0.1]:80",
    "http://::1/",
  ])("refuses %j", (text) => {
    expect(parseUrl(text)).toBeUndefined();
  });

  it("agrees with Node on what is host, port and path", () => {
    const host = fc.oneof(fc.domain(), fc.ipV4());
    const path = fc.array(fc.stringMatching(/^[a-z0-9]{1,5}$/), { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65535 }), path, (host, port, path) => {
        const { hostname, pathname } = new URL(`http://${host}:${port}${path}`);
        expect(parseUrl(`http://${host}:${port}${path}`)).toMatchObject({ host: hostname, port, path: pathname });
      }),
    );
  });
});

describe("basePath", () => {
  test.each([
    ["http://a", ""],
    ["http://a/", ""],
    ["http://a/eureka/", "/eureka"],
    ["http://a/eureka/v2?x=1", "/eureka/v2"],
  ])("of %s is %j", (text, path) => {
    expect(basePath(parseUrl(text)!)).toBe(path);
  });
});
