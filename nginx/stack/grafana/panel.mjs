/** Grafana's JSON of one panel. Only what differs from Grafana's own defaults is said. */
const DATA_SOURCE = { type: "prometheus", uid: "${datasource}" };
const HEIGHTS = { stat: 4, timeseries: 8, "state-timeline": 8 };

/** How many of Grafana's rows a panel of this kind is high. */
export const heightOf = (kind) => HEIGHTS[kind];

/**
 * @param {object} panel as in `rows-of-routes.mjs`
 * @param {{ x: number, y: number }} place
 * @param {number} id unique in the dashboard
 */
export function panelJson(panel, { x, y }, id) {
  const { kind, title, width, help, queries } = panel;
  const targets = Object.entries(queries).map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: DATA_SOURCE,
    expr,
    legendFormat,
    ...(kind === "stat" ? { instant: true } : {}),
  }));
  return {
    id,
    type: kind,
    title,
    ...(help === "" ? {} : { description: help }),
    datasource: DATA_SOURCE,
    gridPos: { x, y, w: width, h: heightOf(kind) },
    fieldConfig: { defaults: fieldDefaults(panel), overrides: [] },
    options: OPTIONS[kind],
    targets,
  };
}

const OPTIONS = {
  stat: { colorMode: "value", graphMode: "none", reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false } },
  timeseries: {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  },
  "state-timeline": { mergeValues: true, showValue: "auto", rowHeight: 0.8, legend: { showLegend: false } },
};

function fieldDefaults({ kind, unit, alarm, states }) {
  if (kind === "state-timeline") return { mappings: [stateMapping(states)], custom: { fillOpacity: 70, lineWidth: 0 } };
  if (kind === "timeseries") return { unit, min: 0, custom: { lineWidth: 1, fillOpacity: 8, showPoints: "never" } };
  const steps = [{ color: "green", value: null }];
  if (alarm !== undefined && alarm[0] < alarm[1]) steps.push({ color: "yellow", value: alarm[0] });
  if (alarm !== undefined) steps.push({ color: "red", value: alarm[1] });
  return { unit, thresholds: { mode: "absolute", steps } };
}

function stateMapping(states) {
  const options = states.map(({ text, color }, index) => [String(index), { text, color, index }]);
  return { type: "value", options: Object.fromEntries(options) };
}
