// Writes dashboards/gateway.json: `node nginx/stack/grafana/make-dashboard.mjs`. A test holds the two in step.
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { heightOf, panelJson } from "./panel.mjs";
import { GATEWAY_ROWS } from "./rows-of-gateways.mjs";
import { LIMIT_ROWS } from "./rows-of-limits.mjs";
import { PEER_ROWS } from "./rows-of-peers.mjs";
import { BREAKER_ROWS, ROUTE_ROWS } from "./rows-of-routes.mjs";

/** What callers see first, what the gateway is made of last. */
const ROWS = [...ROUTE_ROWS, ...PEER_ROWS, ...BREAKER_ROWS, ...LIMIT_ROWS, ...GATEWAY_ROWS];

const DATA_SOURCE = { type: "prometheus", uid: "${datasource}" };

/** Schema 39 is the one of Grafana 11.0; later ones migrate it. */
function dashboard() {
  return {
    uid: "autoscale-lua-gateway",
    title: "Autoscale Lua gateway",
    tags: ["autoscale-lua"],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: "browser",
    time: { from: "now-15m", to: "now" },
    refresh: "5s",
    annotations: { list: [alertAnnotations()] },
    templating: { list: [dataSource(), variable("route", "Route"), variable("upstream", "Upstream")] },
    panels: panels(),
  };
}

function dataSource() {
  const chosen = { text: "Prometheus", value: "prometheus" };
  return {
    type: "datasource",
    name: "datasource",
    label: "Data source",
    query: "prometheus",
    regex: "",
    options: [],
    current: chosen,
  };
}

function variable(name, label) {
  return {
    type: "query",
    name,
    label,
    datasource: DATA_SOURCE,
    query: { query: `label_values(gateway_requests_total, ${name})`, refId: name },
    definition: `label_values(gateway_requests_total, ${name})`,
    refresh: 2,
    sort: 1,
    regex: "",
    options: [],
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { text: ["All"], value: ["$__all"] },
  };
}

/** A mark on every chart while an alert fires. */
function alertAnnotations() {
  return {
    name: "Alerts",
    datasource: DATA_SOURCE,
    enable: true,
    iconColor: "red",
    expr: 'ALERTS{alertstate="firing", alertname=~"Gateway.*"}',
    titleFormat: "{{alertname}}",
    textFormat: "{{route}}{{breaker}}{{concurrency}}{{redis}}{{dict}}{{upstream}} {{peer}}{{source}}",
    step: "5s",
  };
}

function panels() {
  const out = [];
  let y = 0;
  for (const { title, panels } of ROWS) {
    out.push({
      id: out.length + 1,
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: 24, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      if (x + panel.width > 24) {
        x = 0;
        y += heightOf(panel.kind);
      }
      out.push(panelJson(panel, { x, y }, out.length + 1));
      x += panel.width;
    }
    y += heightOf(panels[0].kind);
  }
  return out;
}

/** The text of the file. */
export function dashboardText() {
  return `${JSON.stringify(dashboard(), null, 2)}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(new URL("dashboards/gateway.json", import.meta.url), dashboardText());
}
