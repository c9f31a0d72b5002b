/** A change of behavior as the gateway's error log tells it. */
export interface LoggedDecision {
  readonly time: number;
  readonly event: string;
  readonly plugin: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The decisions in an error log, in order. Fails on a line that is not JSON. */
export function decisionsIn(log: string): LoggedDecision[] {
  return log
    .split("\n")
    .map((line) => /\[autoscale\] decision (\{.*\})/.exec(line)?.[1])
    .filter((text) => text !== undefined)
    .map((text) => JSON.parse(text) as LoggedDecision);
}

/** `open>half_open` and so on, in order. */
export function changesOf(log: string, subject: string): string[] {
  return decisionsIn(log)
    .filter((decision) => decision.subject === subject)
    .map(({ from, to }) => `${from}>${to}`);
}

/** The value of one series in Prometheus text; undefined when it is not there. */
export function metric(text: string, series: string): number | undefined {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
