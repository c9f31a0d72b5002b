import { describe, expect, test } from "vitest";
import { fakeContext, type FakeRequest } from "../../test/harness/fake-context.ts";
import { fakeNode, fakeWorker } from "../../test/harness/fake-host.ts";
import type { Context } from "../_kit/context.ts";
import { validate } from "../_kit/schema/index.ts";
import manifest from "./manifest.ts";
import { tokenReader } from "./tokens.ts";

type Answer = FakeRequest & { readonly answerHeaders?: Record<string, string> };

const ANSWER = { answerHeaders: { "Content-Type": "application/json" } };
const BODY = JSON.stringify({ model: "gpt-4o", usage: { prompt_tokens: 3, completion_tokens: 4 } });

function rig(values: object = {}) {
  const result = validate(manifest.config, { tokens: "openai", label_values: values });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const counted: unknown[] = [];
  const tokens = tokenReader(result.value, fakeWorker(fakeNode()).host, {
    tokens: (...all) => counted.push(all),
    unread: (upstream) => counted.push(["unread", upstream]),
  });
  const contextOf = ({ answerHeaders = {}, ...request }: Answer): Context => ({
    ...fakeContext(request),
    responseHeader: (name) => answerHeaders[name],
  });
  const run = (answer: Answer, chunks: readonly string[], requestModel?: string): unknown => {
    const context = contextOf(answer);
    tokens.access(context);
    for (const chunk of chunks) tokens.body(context, chunk);
    tokens.log(context, requestModel);
    return counted.splice(0);
  };
  return { run, tokens, contextOf, counted };
}

describe("what is counted", () => {
  test("tokens by upstream and model", () => {
    expect(rig().run(ANSWER, [BODY])).toEqual([["backend", ',model="gpt-4o"', 3, 4]]);
    expect(rig().run({ ...ANSWER, routedTo: "spare" }, [BODY])).toEqual([["spare", ',model="gpt-4o"', 3, 4]]);
  });

  test("a stream in pieces", () => {
    const answer = { answerHeaders: { "Content-Type": "text/event-stream; charset=utf-8" } };
    const chunks = ['data: {"model":"m"', ',"usage":null}\n\n', "", `data: ${BODY}\n\n`, "data: [DONE]\n\n"];
    expect(rig().run(answer, chunks)).toEqual([["backend", ',model="m"', 3, 4]]);
  });

  test("the model that was asked for stands in for a missing one", () => {
    const body = '{"usage":{"prompt_tokens":3}}';
    expect(rig().run(ANSWER, [body], "asked")).toEqual([["backend", ',model="asked"', 3, 0]]);
    expect(rig().run(ANSWER, [body])).toEqual([["backend", ',model=""', 3, 0]]);
  });

  test("a model's name has its escapes undone, and is as safe as any label", () => {
    const body = BODY.replace("gpt-4o", 'meta\\/llama\\"\\n\\u0041');
    expect(rig().run(ANSWER, [body])).toEqual([["backend", ',model="meta/llama\\"?A"', 3, 4]]);
  });

  test("models beyond the cap are other", () => {
    const { run } = rig({ max_values: 1 });
    run(ANSWER, [BODY]);
    expect(run(ANSWER, [BODY.replace("gpt-4o", "gpt-5")])).toEqual([["backend", ',model="other"', 3, 4]]);
  });
});

describe("what is not", () => {
  test.each([
    ["an error", { ...ANSWER, status: 429 }],
    ["another type", { answerHeaders: { "Content-Type": "text/html" } }],
    ["no type", {}],
  ])("%s", (_title, answer) => {
    expect(rig().run(answer, [BODY])).toEqual([]);
  });

  test("an answer without usage, a compressed one, and one whose client left are told apart", () => {
    const { run } = rig();
    const compressed = { answerHeaders: { "Content-Type": "application/json", "Content-Encoding": "gzip" } };
    expect(run(ANSWER, ['{"model":"gpt-4o"}'])).toEqual([["unread", "backend"]]);
    expect(run(compressed, [BODY])).toEqual([["unread", "backend"]]);
    expect(run(ANSWER, [BODY.slice(0, 40)])).toEqual([["unread", "backend"]]);
    expect(run({ answerHeaders: { ...ANSWER.answerHeaders, "Content-Encoding": "identity" } }, [BODY])).toHaveLength(1);
  });

  test("a request that ended leaves nothing for the next one of the same handle", () => {
    const { tokens, contextOf, counted } = rig();
    const context = contextOf(ANSWER);
    tokens.body(context, BODY);
    tokens.log(context, undefined);
    tokens.log(context, undefined);
    expect(counted).toHaveLength(1);
  });
});

test("the upstream is asked not to compress", () => {
  const removed: unknown[] = [];
  const { tokens } = rig();
  tokens.access({ ...fakeContext(), setRequestHeader: (name, value) => removed.push([name, value]) });
  expect(removed).toEqual([["Accept-Encoding", undefined]]);
});
