/** Alertmanager's webhook body, version 4: what of it the rules need. */
import type { Alert } from "./alert-rules.ts";

const MAX_ALERTS = 100;

/** An alert as it was posted. */
export interface PostedAlert extends Alert {
  readonly fingerprint: string | undefined;
}

function textFields(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (type(value) === "table") {
    for (const [name, inner] of pairs(value as Record<string, unknown>)) {
      if (type(inner) === "string") {
        texts[name] = inner as string;
      }
    }
  }
  return texts;
}

function readAlert(value: unknown): PostedAlert | undefined {
  if (type(value) !== "table") {
    return undefined;
  }
  const { status, labels, fingerprint } = value as Readonly<Record<string, unknown>>;
  if ((status !== "firing" && status !== "resolved") || type(labels) !== "table") {
    return undefined;
  }
  const mark = type(fingerprint) === "string" ? (fingerprint as string) : undefined;
  return { status, labels: textFields(labels), fingerprint: mark };
}

/** The alerts of a call, those that are resolved first; or a sentence saying what is wrong. */
export function readAlerts(fields: Readonly<Record<string, unknown>>): readonly PostedAlert[] | string {
  const posted = fields["alerts"];
  if (type(posted) !== "table") {
    return "alerts must be a list: send what Alertmanager's webhook sends";
  }
  const list = posted as readonly unknown[];
  if (list.length > MAX_ALERTS) {
    return "at most 100 alerts at once: set max_alerts: 100 in Alertmanager's webhook_configs";
  }
  const firing: PostedAlert[] = [];
  const sorted: PostedAlert[] = [];
  for (const index of $range(0, list.length - 1)) {
    const alert = readAlert(list[index]);
    if (alert === undefined) {
      return `alerts[${string.format("%d", index)}] must have labels, and status firing or resolved`;
    }
    // Where one alert undoes what another one asks for, it holds.
    if (alert.status === "firing") {
      firing.push(alert);
    } else {
      sorted.push(alert);
    }
  }
  for (const alert of firing) {
    sorted.push(alert);
  }
  return sorted;
}
