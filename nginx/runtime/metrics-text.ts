/**
 * Metric families as text, in Prometheus' format 0.0.4 or as OpenMetrics 1.0. They come out sorted by name and each only
 * once, however many instances emit into it; a sample emitted twice (an upstream's breaker seen from two routes) is
 * written once.
 */
import type { EmitMetric } from "../../plugins/_kit/handlers.ts";

interface Family {
  readonly head: string;
  readonly lines: string[];
  readonly seen: LuaMap<string, boolean>;
}

/** Collects samples and renders them. */
export interface MetricsText {
  /** Raises an error when a name is none: one bad line would cost the whole scrape. */
  readonly emit: EmitMetric;
  render(this: void): string;
}

function escapeLines(text: string): string {
  return string.gsub(string.gsub(text, "\\", "\\\\")[0], "\n", "\\n")[0];
}

function escapeQuoted(text: string): string {
  return string.gsub(escapeLines(text), '"', '\\"')[0];
}

function checkName(name: string): void {
  if (string.match(name, "^[%a_][%w_]*$")[0] === undefined) {
    error(`"${name}" is no name of a metric or a label: use letters, digits and _`);
  }
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const names: string[] = [];
  for (const [name] of pairs(labels)) {
    checkName(name);
    names.push(name);
  }
  if (names.length === 0) {
    return "";
  }
  table.sort(names);
  const parts: string[] = [];
  for (const name of names) {
    parts.push(`${name}="${escapeQuoted(labels[name] ?? "")}"`);
  }
  return `{${table.concat(parts, ",")}}`;
}

function numberText(value: number): string {
  if (value !== value) {
    return "NaN";
  }
  if (value === math.huge || value === -math.huge) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  return value === math.floor(value) && math.abs(value) < 1e15
    ? string.format("%d", value)
    : string.format("%.15g", value);
}

function headOf(name: string, type: "counter" | "gauge", help: string, openMetrics: boolean): string {
  if (!openMetrics) {
    return `# HELP ${name} ${escapeLines(help)}\n# TYPE ${name} ${type}\n`;
  }
  // OpenMetrics names a counter's family without the ending that its samples have, and takes no other counters.
  const [counted] = string.match(name, "^(.+)_total$");
  const family = type === "counter" && counted !== undefined ? counted : name;
  const known = type === "counter" && counted === undefined ? "unknown" : type;
  return `# HELP ${family} ${escapeQuoted(help)}\n# TYPE ${family} ${known}\n`;
}

export function metricsText(openMetrics = false): MetricsText {
  const families = new LuaMap<string, Family>();
  const order: string[] = [];
  return {
    emit: (name, type, help, labels, value) => {
      const series = name + labelText(labels);
      let family = families.get(name);
      if (family === undefined) {
        checkName(name);
        family = { head: headOf(name, type, help, openMetrics), lines: [], seen: new LuaMap() };
        families.set(name, family);
        order.push(name);
      }
      if (!family.seen.has(series)) {
        family.seen.set(series, true);
        family.lines.push(`${series} ${numberText(value)}\n`);
      }
    },
    render: () => {
      table.sort(order);
      const out: string[] = [];
      for (const name of order) {
        const family = families.get(name);
        if (family !== undefined) {
          table.sort(family.lines);
          out.push(family.head);
          out.push(table.concat(family.lines));
        }
      }
      return table.concat(out);
    },
  };
}
