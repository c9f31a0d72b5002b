import { expect, test } from "vitest";
import { keysIn } from "./keys.ts";

test("several keys may come at once, in any of the ways that terminals send them", () => {
  expect(keysIn("q\u001b[A\u001bOBj\u0003\u001b[5~\u001b[6~\u001b[H\u001b[F")).toEqual([
    "q",
    "up",
    "down",
    "j",
    "ctrl-c",
    "page-up",
    "page-down",
    "home",
    "end",
  ]);
});

test("keys that mean nothing here come as they are, and a lone escape is one", () => {
  expect(keysIn("é🙂\u001b[15~x")).toEqual(["é", "🙂", "\u001b[15~", "x"]);
  expect(keysIn("\u001b")).toEqual(["escape"]);
});
