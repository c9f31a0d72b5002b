import { describe, expect, test } from "vitest";
import { isHost, isHostPattern, isLoopback, isNetwork, nameServer, parseHostPort } from "./addresses.ts";

describe("host:port", () => {
  test.each([
    ["10.0.0.1:8080", "10.0.0.1", 8080],
    ["users.internal:1", "users.internal", 1],
    ["my_service:65535", "my_service", 65535],
    ["[::1]:8080", "::1", 8080],
    ["[2001:db8::2]:443", "2001:db8::2", 443],
  ])("%s", (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port });
  });

  test.each([
    "users",
    "users:",
    ":80",
    "users:0",
    "users:65536",
    "users:080808",
    "users:8x",
    "::1:80",
    "[::1]",
    "[users]:80",
    "[10.0.0.1]:80",
    "[fe80::1%eth0]:80",
    "256.0.0.1:80",
    "1.2.3:80",
    "http://users:80",
    "us ers:80",
    "users;:80",
    "-users:80",
    "users-:80",
    "a..b:80",
    "users:80\n",
    "",
  ])("not %j", (text) => {
    expect(parseHostPort(text)).toBeUndefined();
  });
});

test("a host name has labels of at most 63 and 253 characters in all", () => {
  const label = "a".repeat(63);
  expect(isHost(label)).toBe(true);
  expect(isHost(`${label}a`)).toBe(false);
  expect(isHost([label, label, label, "a".repeat(61)].join("."))).toBe(true);
  expect(isHost([label, label, label, "a".repeat(62)].join("."))).toBe(false);
});

test.each([
  ["api.example.com", true],
  ["*.example.com", true],
  ["10.0.0.1", true],
  ["::1", true],
  ["*", false],
  ["*.", false],
  ["a.*.com", false],
  ["*.10.0.0.1", false],
  ["api.example.com:80", false],
  ["bücher.example", false],
  ["~^api", false],
  ['api"', false],
])("a route's host %s: %s", (host, valid) => {
  expect(isHostPattern(host)).toBe(valid);
});

test.each([
  ["10.0.0.1", true],
  ["10.0.0.0/8", true],
  ["0.0.0.0/0", true],
  ["::/0", true],
  ["2001:db8::/128", true],
  ["10.0.0.0/33", false],
  ["::/129", false],
  ["10.0.0.0/08", false],
  ["10.0.0.0/", false],
  ["10.0.0.0/8/8", false],
  ["10.0.0/8", false],
  ["host/8", false],
  ["unix:", false],
])("a network %s: %s", (network, valid) => {
  expect(isNetwork(network)).toBe(valid);
});

test.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["128.0.0.1", false],
  ["::ffff:127.0.0.1", false],
])("%s is loopback: %s", (address, loopback) => {
  expect(isLoopback(address)).toBe(loopback);
});

test.each([
  ["10.0.0.2", "10.0.0.2"],
  ["10.0.0.2:5353", "10.0.0.2:5353"],
  ["::1", "[::1]"],
  ["[::1]", "[::1]"],
  ["[::1]:5353", "[::1]:5353"],
  ["dns.example", undefined],
  ["dns.example:53", undefined],
  ["10.0.0.2:99999", undefined],
  ["[10.0.0.2]", undefined],
])("the DNS server %s for nginx: %s", (text, server) => {
  expect(nameServer(text)).toBe(server);
});
