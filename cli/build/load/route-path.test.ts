import { expect, test } from "vitest";
import { parseRoutePath } from "./route-path.ts";

test.each([
  ["/", "prefix", "/"],
  ["/api/v1/users", "prefix", "/api/v1/users"],
  ["/api/", "prefix", "/api/"],
  ["/a b;c\"d'e$f\\g", "prefix", "/a b;c\"d'e$f\\g"],
  ["/été", "prefix", "/été"],
  ["/.well-known/x", "prefix", "/.well-known/x"],
  ["= /exact", "exact", "/exact"],
  ["=/exact", "exact", "/exact"],
  ["~ ^/users/[0-9]+$", "regex", "^/users/[0-9]+$"],
  ["~ ^/a{2,3}(?:b|c)\\.json$", "regex", "^/a{2,3}(?:b|c)\\.json$"],
  ["~^/x", "regex", "^/x"],
])("%s", (text, kind, value) => {
  expect(parseRoutePath(text)).toEqual({ path: { kind, value } });
});

test.each([
  ["users", "does not begin with /"],
  ["", "does not begin with /"],
  ["=", "does not begin with /"],
  ["= ~ ^/x", "does not begin with /"],
  ["/a?b", "the query is no part"],
  ["/a#b", "the query is no part"],
  ["/users/{id}", "use a regex"],
  ["/a%2Fb", "percent-encoded"],
  ["/a//b", "folded away"],
  ["/a/..", "folded away"],
  ["/./a", "folded away"],
  ["/a\nb", "control character"],
  ["/a\0", "control character"],
  ["/a\u2028", "line separator"],
  ["~ ^/a\nb", "control character"],
  ["~ /a", "begin with ^"],
  ["~", "begin with ^"],
  ["~* ^/a", "begin with ^"],
  ["~ ^/(", "unterminated group"],
  ["~ ^/[]a]", "PCRE"],
  ["~ ^/[^]", "PCRE"],
  ["~ ^/\\u0041", "PCRE"],
])("not %j", (text, wrong) => {
  expect(parseRoutePath(text)).toEqual({ wrong: expect.stringContaining(wrong) as string });
});
