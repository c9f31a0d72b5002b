import { expect, test } from "vitest";
import { redisPlace, wrongRedisUrl } from "./redis-url.ts";

const plain = { tls: false, user: undefined, password: undefined, port: 6379, database: 0 };

test.each([
  ["redis://cache", { ...plain, host: "cache", label: "cache:6379/0" }],
  ["redis://cache/", { ...plain, host: "cache", label: "cache:6379/0" }],
  ["rediss://cache:7000/3", { ...plain, tls: true, host: "cache", port: 7000, database: 3, label: "cache:7000/3" }],
  ["redis://[2001:db8::1]:1/0", { ...plain, host: "2001:db8::1", port: 1, label: "[2001:db8::1]:1/0" }],
  ["redis://[::1]", { ...plain, host: "::1", label: "[::1]:6379/0" }],
  ["redis://:se%3Acret@cache", { ...plain, password: "se:cret", host: "cache", label: "cache:6379/0" }],
  ["redis://secret@cache", { ...plain, password: "secret", host: "cache", label: "cache:6379/0" }],
  [
    "redis://li%40mits:a:b/c@d%25%2f@cache:80/9",
    { ...plain, user: "li@mits", password: "a:b/c@d%/", host: "cache", port: 80, database: 9, label: "cache:80/9" },
  ],
])("%s", (url, expected) => {
  expect(redisPlace(url)).toEqual(expected);
  expect(wrongRedisUrl(url)).toBeUndefined();
});

test.each([
  ["http://cache", "neither with redis:// nor with rediss://"],
  ["redis://", "no host"],
  ["redis://:hush@", "no host"],
  ["redis://cache:0", "port"],
  ["redis://cache:65536", "port"],
  ["redis://cache:hush", "port"],
  ["redis://[::1", "closing bracket"],
  ["redis://[::1]hush", "port"],
  ["redis://cache/hush", "database"],
  ["redis://cache/10000", "database"],
  ["redis://user:%hush@cache", "%25"],
  ["redis://user:%@cache", "%25"],
  ["redis://hush:@cache", "without a password"],
])("%s is told, without what may be secret", (url, what) => {
  const told = wrongRedisUrl(url) ?? "";
  expect(told).toContain(what);
  expect(told).toContain("Write redis://user:password@host:port/database");
  expect(told).not.toContain("hush");
});
