/** Questions to a Prometheus, by its HTTP API. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** The newest value. */
  readonly value: number;
}

export interface Prometheus {
  /** The answer to an instant query. Throws with Prometheus's own words. */
  query(expression: string): Promise<readonly Series[]>;
  /** The one number that a query gives, or undefined. */
  number(expression: string): Promise<number | undefined>;
  /** The trace ids that stand beside a metric's buckets, of the last ten minutes. */
  traces(metric: string): Promise<readonly string[]>;
  /** The values of a label of a metric's series. */
  labelValues(metric: string, label: string): Promise<readonly string[]>;
  /** Alerts that are pending or firing, as `name state`, with their labels. */
  alerts(): Promise<
    readonly { readonly name: string; readonly state: string; readonly labels: Record<string, string> }[]
  >;
}

/** @param url of Prometheus, without a path */
export function prometheusAt(url: string): Prometheus {
  const get = async <T>(path: string): Promise<T> => {
    const answer = (await (await fetch(url + path)).json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success") throw new Error(`${path}: ${answer.error ?? answer.status}`);
    return answer.data;
  };
  const query = async (expression: string): Promise<readonly Series[]> => {
    const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { result } = await get<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(path);
    return result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
  };
  return {
    query,
    async number(expression) {
      return (await query(expression))[0]?.value;
    },
    async traces(metric) {
      const now = Date.now() / 1000;
      type Found = { exemplars: { labels: Record<string, string> }[] };
      const path = `/api/v1/query_exemplars?query=${metric}_bucket&start=${String(now - 600)}&end=${String(now)}`;
      const found = await get<Found[]>(path);
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels["trace_id"] ?? ""));
    },
    labelValues(metric, label) {
      return get(`/api/v1/label/${label}/values?match[]=${encodeURIComponent(metric)}`);
    },
    async alerts() {
      type Alert = { labels: Record<string, string>; state: string };
      const { alerts } = await get<{ alerts: Alert[] }>("/api/v1/alerts");
      return alerts.map(({ labels, state }) => ({ name: labels["alertname"] ?? "", state, labels }));
    },
  };
}
