import { createSocket } from "node:dgram";
import { onTestFinished } from "vitest";

/** One line that was received, taken apart. */
export interface StatsdMetric {
  readonly name: string;
  readonly value: number;
  readonly type: string;
  /** How often the value stands for itself: int(1 / sample rate). */
  readonly times: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StatsdListener {
  readonly address: string;
  /** Every datagram, as text. */
  readonly datagrams: string[];
  metrics(): StatsdMetric[];
}

/** NAME:VALUE|TYPE|@RATE|#TAG:VALUE,…; plain StatsD has no tags, and no types but c, g, ms and s. */
const LINE = /^([A-Za-z][\w.-]*):(\d+(?:\.\d+)?)\|(c|g|ms|d)(?:\|@(0\.\d+|1))?(?:\|#([^|]+))?$/;
const TAG = /^([a-z][a-z0-9_]*):([^|#:,\s]+)$/;

/** @throws Error where the line breaks the grammar of the flavor */
export function parseStatsd(line: string, flavor: "statsd" | "dogstatsd"): StatsdMetric {
  const [, name, value, type, rate, tags] = LINE.exec(line) ?? [];
  if (name === undefined || value === undefined || type === undefined) throw new Error(`no line of StatsD: ${line}`);
  const isForeign = flavor === "statsd" ? tags !== undefined || type === "d" : type === "ms";
  if (isForeign) throw new Error(`not of ${flavor}: ${line}`);
  const pairs = (tags ?? "").split(",").filter((tag) => tag !== "");
  const entries = pairs.map((tag) => {
    const [, key, text] = TAG.exec(tag) ?? [];
    if (key === undefined || text === undefined) throw new Error(`no tag: ${tag}`);
    return [key, text] as const;
  });
  const times = rate === undefined ? 1 : Math.trunc(1 / Number(rate));
  return { name, value: Number(value), type, times, tags: Object.fromEntries(entries) };
}

/** A server that takes datagrams until the test ends. */
export async function statsdListener(flavor: "statsd" | "dogstatsd"): Promise<StatsdListener> {
  const socket = createSocket("udp4");
  const datagrams: string[] = [];
  socket.on("message", (message) => datagrams.push(message.toString("utf8")));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  onTestFinished(() => void socket.close());
  return {
    address: `127.0.0.1:${String(socket.address().port)}`,
    datagrams,
    metrics: () => datagrams.flatMap((datagram) => datagram.split("\n").map((line) => parseStatsd(line, flavor))),
  };
}

/** The sum of a counter over all that was received, or how many values a timing stands for. */
export function total(metrics: readonly StatsdMetric[], name: string): number {
  const found = metrics.filter((metric) => metric.name === name);
  return found.reduce((sum, { type, value, times }) => sum + (type === "c" ? value * times : times), 0);
}
