/** What `run` shows of nginx's error.log: the gateway's decisions in words, warnings and errors as they are. */
import { paint } from "./paint.ts";
import type { DecisionEvent } from "../../plugins/_kit/ports.ts";

const LINE = /^\S+ (\S+) \[(\w+)\] (.*)$/s;
const DECISION = /\[autoscale\] decision (\{.*?\})(?: while |, client: |, context: |$)/;

function figure(value: unknown): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value);
}

function decisionText(time: string, { plugin, subject, from, to, reason, inputs }: DecisionEvent): string {
  const figures = Object.entries(inputs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${figure(value)}`)
    .join(" ");
  return `${paint.dim(time)} ${plugin} ${paint.bold(subject)} ${from} -> ${paint.bold(to)}: ${reason} ${paint.dim(figures)}`;
}

function parse(text: string): DecisionEvent | undefined {
  try {
    return JSON.parse(text) as DecisionEvent;
  } catch {
    return undefined;
  }
}

/** The line as people should see it, or undefined for nginx's own small talk. */
export function logLine(line: string): string | undefined {
  const [, time = "", level = "", rest = ""] = LINE.exec(line) ?? [];
  const found = DECISION.exec(rest)?.[1];
  const decision = found === undefined ? undefined : parse(found);
  if (decision !== undefined) return decisionText(time, decision);
  if (level === "" || rest.includes("[autoscale]")) return line === "" ? undefined : line;
  return level === "notice" || level === "info" || level === "debug" ? undefined : line;
}
