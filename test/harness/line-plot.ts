/** Lines over time as one SVG without dependencies. It is readable on a light and on a dark page. */

export interface PlotLine {
  readonly name: string;
  /** x in seconds. */
  readonly points: readonly (readonly [number, number])[];
  /** 1 to 5: the color. */
  readonly color: number;
  readonly dashed?: boolean;
}

export interface PlotPanel {
  /** What is shown, with its unit. */
  readonly title: string;
  readonly top: number;
  readonly lines: readonly PlotLine[];
}

export interface Plot {
  readonly title: string;
  readonly seconds: number;
  readonly panels: readonly PlotPanel[];
  readonly phases: readonly PlotPhase[];
}

/** A part of the time, with its name above. */
export interface PlotPhase {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly shaded: boolean;
}

const [WIDTH, LEFT, RIGHT, HEAD, PANEL, GAP, FOOT] = [900, 52, 16, 56, 150, 52, 34];
const INNER = WIDTH - LEFT - RIGHT;

const STYLE = `
  .page { fill: #ffffff } text { fill: #24292f; font: 12px system-ui, sans-serif } .title { font-size: 15px; font-weight: 600 }
  .small { fill: #57606a } .grid { stroke: #d0d7de } .phase { fill: #0969da; opacity: .07 } .line { fill: none; stroke-width: 1.8 }
  .c1 { stroke: #0969da } .c2 { stroke: #bc4c00 } .c3 { stroke: #1a7f37 } .c4 { stroke: #cf222e } .c5 { stroke: #6e7781 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #30363d } .phase { fill: #58a6ff; opacity: .1 }
    .c1 { stroke: #58a6ff } .c2 { stroke: #f0883e } .c3 { stroke: #3fb950 } .c4 { stroke: #ff7b72 } .c5 { stroke: #8b949e }
  }`;

const digits = (value: number): string => value.toFixed(1).replace(/\.0$/, "");
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function textAt(x: number, y: number, text: string, more = ""): string {
  return `<text x="${digits(x)}" y="${digits(y)}"${more}>${escaped(text)}</text>`;
}

/** Lines beyond the top are cut off at it. */
function lineIn(panel: PlotPanel, plot: Plot, line: PlotLine, top: number): string {
  const at = ([x, y]: readonly [number, number]): string =>
    `${digits(LEFT + (x / plot.seconds) * INNER)},${digits(top + PANEL * (1 - Math.min(1, y / panel.top)))}`;
  const dashes = line.dashed === true ? ' stroke-dasharray="5 4"' : "";
  return `<polyline class="line c${String(line.color)}"${dashes} points="${line.points.map(at).join(" ")}"/>`;
}

function legend(panel: PlotPanel, top: number): string[] {
  let x = LEFT + 8 * panel.title.length + 24;
  return panel.lines.flatMap(({ name, color, dashed = false }) => {
    const dashes = dashed ? ' stroke-dasharray="5 4"' : "";
    const y = String(top - 12);
    const mark = `<line class="line c${String(color)}"${dashes} x1="${digits(x)}" x2="${digits(x + 22)}" y1="${y}" y2="${y}"/>`;
    const label = textAt(x + 28, top - 8, name);
    x += 28 + 7 * name.length + 22;
    return [mark, label];
  });
}

function panelAt(panel: PlotPanel, plot: Plot, top: number): string[] {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return [
    textAt(LEFT, top - 8, panel.title, ' font-weight="600"'),
    ...legend(panel, top),
    ...steps.flatMap((share) => {
      const y = top + PANEL * (1 - share);
      const grid = `<line class="grid" x1="${String(LEFT)}" x2="${String(WIDTH - RIGHT)}" y1="${digits(y)}" y2="${digits(y)}"/>`;
      return [grid, textAt(LEFT - 6, y + 4, digits(panel.top * share), ' class="small" text-anchor="end"')];
    }),
    ...panel.lines.map((line) => lineIn(panel, plot, line, top)),
  ];
}

/** The text of an SVG file. */
export function linePlot(plot: Plot): string {
  const height = HEAD + plot.panels.length * (PANEL + GAP) + FOOT;
  const x = (seconds: number): number => LEFT + (seconds / plot.seconds) * INNER;
  const tops = plot.panels.map((_panel, index) => HEAD + GAP - 8 + index * (PANEL + GAP));
  const bottom = (tops.at(-1) ?? 0) + PANEL;
  const ticks = Array.from({ length: Math.floor(plot.seconds / 5) + 1 }, (_none, index) => index * 5);
  const parts = [
    `<rect class="page" width="${String(WIDTH)}" height="${String(height)}"/>`,
    textAt(LEFT, 24, plot.title, ' class="title"'),
    ...plot.phases.flatMap(({ from, to, shaded }) => {
      const [first = 0] = tops;
      const [y, height] = [digits(first), digits(bottom - first)];
      const fill = `<rect class="phase" x="${digits(x(from))}" width="${digits(x(to) - x(from))}" y="${y}" height="${height}"/>`;
      const border = `<line class="grid" x1="${digits(x(from))}" x2="${digits(x(from))}" y1="${y}" y2="${digits(bottom)}"/>`;
      return shaded ? [fill, border] : [border];
    }),
    ...plot.phases.map(({ from, name }) => textAt(x(from) + 4, 50, name, ' class="small"')),
    ...plot.panels.flatMap((panel, index) => panelAt(panel, plot, tops[index] ?? 0)),
    ...ticks.map((tick) => textAt(x(tick), bottom + 18, `${String(tick)} s`, ' class="small" text-anchor="middle"')),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${escaped(plot.title)}">`,
    `<style>${STYLE}\n</style>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}
