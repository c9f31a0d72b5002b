import { setTimeout as sleep } from "node:timers/promises";

const WORDS = "Shed the load that you cannot carry, and carry the rest to its end.".split(" ");

/** The path that `answerChat` is for. */
export const CHAT_PATH = "/v1/chat/completions";

/**
 * Answers a chat completion in OpenAI's format, as one JSON document or, with `"stream": true`, as events. A token is
 * a word, so that what is counted can be told beforehand: the prompt's words, and `max_tokens` (16 at first) of the
 * answer. A stream tells its usage in the event before the last, when `stream_options.include_usage` asks for it.
 *
 * @param {string} body the request's body
 * @param {import("node:http").ServerResponse} response
 * @returns {Promise<void>} throws, with what is wrong, before anything is sent
 */
export async function answerChat(body, response) {
  const asked = JSON.parse(body);
  if (typeof asked.model !== "string") throw new Error("model: needed, a string");
  const tokens = asked.max_tokens ?? 16;
  if (!Number.isInteger(tokens) || tokens < 1 || tokens > 4096) throw new Error("max_tokens: allowed: 1 to 4096");
  const prompt = (asked.messages ?? []).map((message) => String(message.content)).join(" ");
  const promptTokens = prompt.split(/\s+/).filter((word) => word !== "").length;
  const usage = { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens };
  const head = { id: "chatcmpl-demo", created: Math.floor(Date.now() / 1000), model: asked.model };
  if (asked.stream === true)
    await stream(response, head, tokens, asked.stream_options?.include_usage ? usage : undefined);
  else plain(response, head, tokens, usage);
}

function plain(response, head, tokens, usage) {
  const message = { role: "assistant", content: answerOf(tokens).join(" ") };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  const text = JSON.stringify({ ...head, object: "chat.completion", choices, usage });
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

async function stream(response, head, tokens, usage) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  const send = (event) =>
    response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...event })}\n\n`);
  for (const word of answerOf(tokens)) {
    send({ choices: [{ index: 0, delta: { content: `${word} ` }, finish_reason: null }] });
    // One write an event loop turn: a stream that comes in one piece tests nothing.
    await sleep(1);
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  if (usage !== undefined) send({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}

function answerOf(tokens) {
  return Array.from({ length: tokens }, (_, index) => WORDS[index % WORDS.length]);
}
