import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { modelOf, scanChunk, startUsageScan, usageOf } from "./usage-scanner.ts";

function scanned(chunks: readonly string[]): { model: string; usage: unknown } {
  const scan = startUsageScan();
  for (const chunk of chunks) scanChunk(scan, chunk);
  const usage = usageOf(scan);
  return { model: modelOf(scan), usage };
}

/** `text` in pieces of the given lengths, used in turn. */
function cut(text: string, lengths: readonly number[]): string[] {
  const chunks: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    chunks.push(text.slice(at, at + length));
    at += length;
  }
  return chunks;
}

const USAGE = {
  prompt_tokens: 19,
  completion_tokens: 210,
  total_tokens: 229,
  prompt_tokens_details: { cached_tokens: 5, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 7 },
};

/** What somebody may write who wants to be charged less. */
const LURES = [
  '"usage":{"prompt_tokens":1,"completion_tokens":1}',
  '\\"usage\\":{"prompt_tokens":2}',
  '"model":"cheap"',
  '"usage"',
  "usage",
  '\\\\"usage": {',
  'data: {"usage":{"prompt_tokens":3}}\n\n',
  "{}[]:,\n\t",
];
const content = fc
  .array(fc.oneof(fc.constantFrom(...LURES), fc.string({ unit: "binary" })), { maxLength: 6 })
  .map((parts) => parts.join(""));
const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
const indent = fc.constantFrom(undefined, 1, 2, 4);

function completion(text: string, usage: unknown): object {
  const message = { role: "assistant", content: text, refusal: null };
  return { id: "chatcmpl-1", object: "chat.completion", model: "gpt-4o", choices: [{ index: 0, message }], usage };
}

function event(delta: object, usage: unknown, indentation?: number): string {
  const body = { id: "1", object: "chat.completion.chunk", model: "gpt-4o", choices: [{ index: 0, delta }], usage };
  const json = JSON.stringify(body, undefined, indentation);
  return `data: ${json.replaceAll("\n", "")}\n\n`;
}

describe("a plain answer", () => {
  it("says its model and usage, whatever its content says and wherever it is cut", () => {
    fc.assert(
      fc.property(content, lengths, indent, fc.nat(), fc.nat(), (text, sizes, spaces, prompt, completed) => {
        const usage = { ...USAGE, prompt_tokens: prompt, completion_tokens: completed };
        const answer = JSON.stringify(completion(text, usage), undefined, spaces);
        expect(scanned(cut(answer, sizes))).toEqual({
          model: "gpt-4o",
          usage: { promptTokens: prompt, completionTokens: completed },
        });
      }),
      { numRuns: 2000 },
    );
  });

  it("is read the same whatever it is and wherever it is cut", () => {
    const anything = fc
      .array(fc.constantFrom(...LURES, '"', "\\", ":", "{", "}", "null", " ", "7", "x".repeat(30)), { maxLength: 40 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(anything, lengths, (text, sizes) => {
        expect(scanned(cut(text, sizes))).toEqual(scanned([text]));
      }),
      { numRuns: 5000 },
    );
  });

  it("keeps little of a large one", () => {
    const scan = startUsageScan();
    const answer = JSON.stringify(completion("x".repeat(500_000), { prompt_tokens: 1, note: "y".repeat(500_000) }));
    for (const chunk of cut(answer, [16_384])) {
      scanChunk(scan, chunk);
      expect(scan.tail.length + scan.model.length + scan.usage.length).toBeLessThanOrEqual(31 + 128 + 1024);
    }
    expect(usageOf(scan)).toEqual({ promptTokens: 1, completionTokens: 0 });
  });
});

describe("a stream", () => {
  it("says its usage in the last event", () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), lengths, indent, (parts, sizes, spaces) => {
        const events = parts.map((part) => event({ content: part }, null, spaces));
        const stream = [...events, event({}, USAGE, spaces), "data: [DONE]\n\n"].join("");
        expect(scanned(cut(stream, sizes))).toEqual({
          model: "gpt-4o",
          usage: { promptTokens: 19, completionTokens: 210 },
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("may say it in each event: the last one holds", () => {
    const counts = [1, 2, 3].map((count) => event({}, { prompt_tokens: 9, completion_tokens: count }));
    expect(scanned([...counts, event({}, null)]).usage).toEqual({ promptTokens: 9, completionTokens: 3 });
  });

  it("says nothing when it was not asked to, or ends early", () => {
    expect(scanned([event({ content: "a" }, null), "data: [DONE]\n\n"])).toEqual({ model: "gpt-4o", usage: undefined });
    expect(scanned([event({ content: "a" }, undefined)]).usage).toBeUndefined();
    expect(scanned([event({}, USAGE).slice(0, -170)]).usage).toBeUndefined();
    expect(scanned([])).toEqual({ model: "", usage: undefined });
  });
});

test("the Responses API has other names", () => {
  const usage = { input_tokens: 36, input_tokens_details: { cached_tokens: 1 }, output_tokens: 87, total_tokens: 123 };
  const done = JSON.stringify({ type: "response.completed", response: { model: "gpt-4.1", usage } });
  expect(scanned([`event: response.completed\ndata: ${done}\n\n`])).toEqual({
    model: "gpt-4.1",
    usage: { promptTokens: 36, completionTokens: 87 },
  });
});

test.each([
  ["an empty name in the first event", ['{"model":""}', '{"model": "gpt-4o"}'], "gpt-4o"],
  ["a list of models", ['{"object":"model","id":"x"}', "x".repeat(40)], ""],
  ["a name with escapes", ['{"model":"meta-llama\\/Llama\\"3"}'], 'meta-llama\\/Llama\\"3'],
  ["a name that does not end", [`{"model":"${"m".repeat(200)}"}`], ""],
  ["a name that is a number", ['{"model":4}'], ""],
])("the model's name: %s", (_title, chunks, model) => {
  expect(scanned(chunks).model).toBe(model);
});

test("an answer of 30 bytes is read to its end", () => {
  expect(scanned(['{"usage":{"prompt_tokens":1}}']).usage).toEqual({ promptTokens: 1, completionTokens: 0 });
});
