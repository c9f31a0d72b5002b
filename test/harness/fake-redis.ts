import type { Redis, RedisAnswer } from "../../plugins/_kit/ports.ts";

/** A Redis in memory that knows one script, that of the fixed window, and can be lost. */
export interface FakeRedis {
  readonly redis: Redis;
  /** What it says instead of an answer. */
  problem: string | undefined;
  /** What it answers instead, as an error of its own. */
  refusal: string | undefined;
  /** How often it was asked. */
  asked: number;
  /** Restarts it, empty. */
  restart(): void;
}

export function fakeRedis(now: () => number): FakeRedis {
  let counts = new Map<string, number>();
  let starts = 1;
  const integer = (value: number) => ({ kind: "integer" as const, value });

  function take(key: string, args: readonly string[]): ReturnType<typeof integer>[] {
    const [limit = 0, window = 1, least = 0, most = 0] = args.map(Number);
    const number = Math.floor(now() / window);
    const place = `${key}|${String(number)}`;
    const used = counts.get(place) ?? 0;
    const reset = Math.ceil(((number + 1) * window - now()) * 1e6);
    if (least > 0 && used + least > limit) return [0, 0, Math.max(0, limit - used) * 1000, reset, reset].map(integer);
    const granted = least > 0 ? Math.max(least, Math.min(most, Math.floor(limit - used))) : most;
    counts.set(place, Math.max(0, used + granted));
    return [1, granted * 1000, Math.max(0, limit - used - granted) * 1000, reset, 0].map(integer);
  }

  const fake: FakeRedis = {
    problem: undefined,
    refusal: undefined,
    asked: 0,
    restart: () => {
      counts = new Map();
      starts += 1;
    },
    redis: {
      run: () => ({ problem: "nobody runs commands here", replies: [] }),
      evaluate: (_script, calls): RedisAnswer => {
        fake.asked += 1;
        if (fake.problem !== undefined) return { problem: fake.problem, replies: [] };
        const server = `run${String(starts)}`;
        const text = fake.refusal;
        if (text !== undefined) return { replies: calls.map(() => ({ kind: "error", text })), server };
        return { replies: calls.map(({ key, args }) => ({ kind: "list", items: take(key, args) })), server };
      },
    },
  };
  return fake;
}
