/** How the load of each shape changes within a minute, beside its ordinary rate and its ordinary share of errors. */
const SHAPES = {
  steady: () => ({}),
  /** Five times as much for ten seconds of each minute. */
  spike: (second) => (second >= 30 && second < 40 ? { rateFactor: 5 } : {}),
  /** Backends that fail most requests for fifteen seconds of each minute: enough to trip a breaker. */
  errors: (second) => (second >= 30 && second < 45 ? { errorRate: 0.7 } : {}),
};

export const SHAPE_NAMES = Object.keys(SHAPES);

/**
 * What a shape asks for at a time.
 *
 * @param {string} shape one of `SHAPE_NAMES`
 * @param {{ rps: number, errorRate: number }} ordinary requests a second; share of them (0 to 1) that ask for a 500
 * @param {number} seconds since the load began
 * @returns {{ rps: number, errorRate: number }}
 */
export function loadAt(shape, ordinary, seconds) {
  const { rateFactor = 1, errorRate = 0 } = SHAPES[shape](seconds % 60);
  return { rps: ordinary.rps * rateFactor, errorRate: Math.max(ordinary.errorRate, errorRate) };
}

const MODELS = ["small", "large"];

/**
 * The n-th request: of each ten in turn six users, three orders and one chat, every second chat a stream. Their order
 * turns from ten to ten, so that errors, which come evenly too, fall on all of them.
 *
 * @param {number} index from 0
 * @param {boolean} fails ask the backend for a 500
 * @returns {{ method: string, path: string, body: string | undefined }}
 */
export function requestAt(index, fails) {
  const query = fails ? "?status=500" : "";
  const place = digitSum(index) % 10;
  if (place < 6) return { method: "GET", path: `/users/${index % 100}${query}`, body: undefined };
  if (place < 9)
    return { method: place === 8 ? "POST" : "GET", path: `/orders${query}`, body: place === 8 ? "{}" : undefined };
  const chat = Math.floor(index / 10);
  const stream = chat % 2 === 1 ? { stream: true, stream_options: { include_usage: true } } : {};
  const messages = [{ role: "user", content: "What shall a gateway do when it is busy?" }];
  const body = JSON.stringify({
    model: MODELS[Math.floor(chat / 2) % MODELS.length],
    messages,
    max_tokens: 16,
    ...stream,
  });
  return { method: "POST", path: `/v1/chat/completions${query}`, body };
}

function digitSum(number) {
  return Array.from(String(number), Number).reduce((sum, digit) => sum + digit, 0);
}
