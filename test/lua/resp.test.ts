import fc from "fast-check";
import { readAnswers } from "../../plugins/_core/resp/resp-answers.ts";
import { commandText } from "../../plugins/_core/resp/resp-command.ts";
import { differential } from "../harness/differential.ts";
import { replies, wireText } from "../harness/resp-wire.ts";

const FOLDERS = ["plugins/_core"];

differential("commandText", {
  module: "autoscale.core.resp.resp-command",
  ts: commandText,
  folders: FOLDERS,
  cases: { nothing: [[]], "bytes of all kinds": [["SET", "\r\n$1\u0000", ""]] },
  arbitrary: fc.tuple(fc.array(fc.string({ unit: "binary-ascii" }), { maxLength: 6 })),
});

/** What servers say, cut off anywhere, and with a byte of it changed. */
const texts = fc
  .tuple(fc.array(replies, { maxLength: 3 }), fc.nat(), fc.nat(), fc.string({ unit: "binary-ascii", maxLength: 1 }))
  .map(([said, cut, place, byte]) => {
    const text = said.map(wireText).join("");
    const changed = text.slice(0, place % (text.length + 1)) + byte + text.slice((place % (text.length + 1)) + 1);
    return cut % 3 === 0 ? text : changed.slice(0, 1 + (cut % (changed.length + 1)));
  });

differential("readAnswers", {
  module: "autoscale.core.resp.resp-answers",
  ts: readAnswers,
  folders: FOLDERS,
  cases: {
    "a long one": [`$3000\r\n${"x".repeat(3000)}\r\n+OK\r\n`, 2],
    "lists without end": ["*1\r\n".repeat(20), 1],
    garbage: ["HTTP/1.1 400 Bad Request\r\n", 1],
  },
  arbitrary: fc.tuple(texts, fc.integer({ min: 1, max: 3 })),
});
