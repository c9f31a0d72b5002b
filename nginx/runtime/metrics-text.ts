/**
 * Prometheus text format 0.0.4. Families come out sorted by name and each only once, however many instances emit
 * into it; a sample emitted twice (an upstream's breaker seen from two routes) is written once.
 */
import type { EmitMetric } from "../../plugins/_kit/handlers.ts";

interface Family {
  readonly head: string;
  readonly lines: string[];
  readonly seen: LuaMap<string, boolean>;
}

/** Collects samples and renders them. */
export interface MetricsText {
  readonly emit: EmitMetric;
  render(this: void): string;
}

function escapeLabel(value: string): string {
  return string.gsub(string.gsub(string.gsub(value, "\\", "\\\\")[0], '"', '\\"')[0], "\n", "\\n")[0];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const names: string[] = [];
  for (const [name] of pairs(labels)) {
    names.push(name);
  }
  if (names.length === 0) {
    return "";
  }
  table.sort(names);
  const parts: string[] = [];
  for (const name of names) {
    parts.push(`${name}="${escapeLabel(labels[name] ?? "")}"`);
  }
  return `{${table.concat(parts, ",")}}`;
}

function numberText(value: number): string {
  if (value !== value) {
    return "NaN";
  }
  return value === math.floor(value) && math.abs(value) < 1e15
    ? string.format("%d", value)
    : string.format("%.10g", value);
}

export function metricsText(): MetricsText {
  const families = new LuaMap<string, Family>();
  const order: string[] = [];
  return {
    emit: (name, type, help, labels, value) => {
      let family = families.get(name);
      if (family === undefined) {
        family = { head: `# HELP ${name} ${help}\n# TYPE ${name} ${type}`, lines: [], seen: new LuaMap() };
        families.set(name, family);
        order.push(name);
      }
      const series = name + labelText(labels);
      if (!family.seen.has(series)) {
        family.seen.set(series, true);
        family.lines.push(`${series} ${numberText(value)}`);
      }
    },
    render: () => {
      table.sort(order);
      const out: string[] = [];
      for (const name of order) {
        const family = families.get(name);
        if (family !== undefined) {
          out.push(family.head);
          table.sort(family.lines);
          for (const line of family.lines) {
            out.push(line);
          }
        }
      }
      return `${table.concat(out, "\n")}\n`;
    },
  };
}
