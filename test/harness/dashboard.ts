/** What a Grafana dashboard asks Prometheus. */
export interface DashboardQuery {
  readonly panel: string;
  readonly legend: string;
  /** With the dashboard's variables filled in as Grafana does for "All". */
  readonly expression: string;
}

export interface DashboardVariable {
  readonly metric: string;
  readonly label: string;
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly Target[] }[];
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] };
}

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

/** Four scrapes of five seconds, as Grafana chooses with the data source's `timeInterval`. */
const RATE_INTERVAL = "20s";

function fill(expression: string): string {
  return expression.replaceAll("$__rate_interval", RATE_INTERVAL).replaceAll(/\$(?:route|upstream)\b/g, ".*");
}

/** The queries of all panels. */
export function dashboardQueries(text: string): readonly DashboardQuery[] {
  const { panels } = JSON.parse(text) as Dashboard;
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ panel: title, legend: legendFormat, expression: fill(expr) })),
  );
}

/** The queries of the marks on all charts; most of the time they give nothing. */
export function dashboardMarks(text: string): readonly string[] {
  return (JSON.parse(text) as Dashboard).annotations.list.map(({ expr }) => fill(expr));
}

/** The variables that are the values of a label. */
export function dashboardVariables(text: string): readonly DashboardVariable[] {
  const queries = (JSON.parse(text) as Dashboard).templating.list.map(({ query }) => query);
  return queries.flatMap((query) => {
    const [, metric, label] =
      /^label_values\((\w+), (\w+)\)$/.exec(typeof query === "string" ? query : query.query) ?? [];
    return metric === undefined || label === undefined ? [] : [{ metric, label }];
  });
}
