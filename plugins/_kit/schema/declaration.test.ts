import { expect, test } from "vitest";
import { schema as s } from "./index.ts";

const description = "Ten characters and more.";

test.each<[string, () => unknown, string]>([
  ["a short description", () => s.boolean({ description: "Short." }), "10 to 500 characters"],
  ["a long description", () => s.boolean({ description: "x".repeat(501) }), "10 to 500 characters"],
  [
    "a default out of range",
    () => s.number({ min: 1, default: 0, description }),
    "found 0, allowed: a number at least 1",
  ],
  ["a default of another pattern", () => s.string({ pattern: "^a$", default: "b", description }), "does not pass"],
  ["a default and optional", () => s.number({ default: 1, optional: true, description }), "leave out `optional`"],
  ["a secret with a default", () => s.string({ default: "x", secret: true, description }), "a secret has no default"],
  ["no choice", () => s.oneOf([], { description }), "no value is allowed"],
  ["a field in another case", () => s.record({ failureRate: s.boolean({ description }) }), "snake_case"],
  ["a broken pattern", () => s.string({ pattern: "(", description }), "Unterminated group"],
  ["lookahead", () => s.string({ pattern: "^(?=a)a$", description }), "may not use"],
  ["a named group", () => s.string({ pattern: "^(?<x>a)$", description }), "may not use"],
  ["a class that differs", () => s.string({ pattern: "^\\s$", description }), "may escape only punctuation"],
  ["a back reference", () => s.string({ pattern: "^(a)\\1$", description }), "may escape only punctuation"],
  ["a broken key pattern", () => s.map(s.boolean({ description }), { keyPattern: "[", description }), "class"],
  [
    "two branches of one type",
    () => s.either([s.oneOf(["auto"], { description }), s.string({ description })], { description }),
    "two branches accept the same JSON type",
  ],
])("%s is a mistake of the schema's author", (_, build, message) => {
  expect(build).toThrow(message);
});

test.each(["^\\d+$", "^\\w+\\.[a-z]$", "^(?:a|b)*$", "^\\\\s$", "^[\\[\\]]$"])("the pattern %s is well", (pattern) => {
  expect(s.string({ pattern, description }).pattern).toBe(pattern);
});

test("a schema cannot be changed once it is declared", () => {
  expect(Object.isFrozen(s.boolean({ description }))).toBe(true);
});
