import fc from "fast-check";
import { expect, test } from "vitest";
import { readAnswers } from "./resp-answers.ts";
import { commandText } from "./resp-command.ts";
import type { RespReply } from "./resp-reply.ts";
import { replies, wireText } from "../../../test/harness/resp-wire.ts";

test("a command is an array of bulk strings", () => {
  expect(commandText(["GET", "a b\r\n", ""])).toBe("*3\r\n$3\r\nGET\r\n$5\r\na b\r\n\r\n$0\r\n\r\n");
});

test("a command reads back as the list of its words", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary-ascii" }), { maxLength: 6 }), (words) => {
      const items = words.map((text) => ({ kind: "text", text }));
      expect(readAnswers(commandText(words), 1)).toEqual({ state: "whole", replies: [{ kind: "list", items }] });
    }),
  );
});

test.each<[string, string, RespReply]>([
  ["a word", "+OK\r\n", { kind: "text", text: "OK" }],
  ["an error", "-OOM command not allowed\r\n", { kind: "error", text: "OOM command not allowed" }],
  ["a number", ":-12\r\n", { kind: "integer", value: -12 }],
  ["a number with its sign", ":+7\r\n", { kind: "integer", value: 7 }],
  ["bytes", "$4\r\n\r\n$1\r\n", { kind: "text", text: "\r\n$1" }],
  ["no bytes", "$0\r\n\r\n", { kind: "text", text: "" }],
  ["nothing", "$-1\r\n", { kind: "nil" }],
  ["no list", "*-1\r\n", { kind: "nil" }],
  ["an empty list", "*0\r\n", { kind: "list", items: [] }],
  [
    "lists in a list, with a hole",
    "*3\r\n*1\r\n:1\r\n$-1\r\n-NO\r\n",
    {
      kind: "list",
      items: [{ kind: "list", items: [{ kind: "integer", value: 1 }] }, { kind: "nil" }, { kind: "error", text: "NO" }],
    },
  ],
])("%s is read", (_name, text, expected) => {
  expect(readAnswers(text, 1)).toEqual({ state: "whole", replies: [expected] });
});

test.each([
  ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
  ["TLS", "\u0015\u0003\u0001"],
  ["a length that is none", "$four\r\n"],
  ["a length below -1", "$-2\r\n"],
  ["a list's length below -1", "*-2\r\n"],
  ["no length", "$\r\n"],
  ["a length beyond all measure", "$9999999999999999\r\n"],
  ["a number of more than 15 digits", ":1234567890123456\r\n"],
  ["a number that is none", ":1.5\r\n"],
  ["bytes that go on", "$2\r\nabc\r\n"],
  ["lists without end", "*1\r\n".repeat(20)],
  ["more than was asked for", "+OK\r\n+OK\r\n"],
])("%s is no answer", (_name, text) => {
  expect(readAnswers(text, 1).state).toBe("broken");
});

test("whatever was said is read, wherever its bytes are cut, and never too early", () => {
  fc.assert(
    fc.property(fc.array(replies, { minLength: 1, maxLength: 4 }), (said) => {
      const text = said.map(wireText).join("");
      for (let end = 0; end < text.length; end++) {
        expect(readAnswers(text.slice(0, end), said.length).state).toBe("short");
      }
      expect(readAnswers(text, said.length)).toEqual({ state: "whole", replies: said });
    }),
    { numRuns: 200 },
  );
});

test("any bytes end in a state, and what is broken stays broken", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary-ascii", maxLength: 60 }),
      fc.string({ unit: "binary-ascii" }),
      (text, more) => {
        if (readAnswers(text, 1).state === "broken") expect(readAnswers(text + more, 1).state).toBe("broken");
      },
    ),
  );
});
