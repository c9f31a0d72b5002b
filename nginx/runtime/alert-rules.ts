/** From an alert to the changes that the rules of `admin.events` ask for. */

/** Text, or a label whose value stands there. */
export interface TemplatePart {
  readonly text?: string;
  readonly label?: string;
}

type Template = readonly TemplatePart[];

/** One rule as the build writes it. */
export interface AlertRule {
  readonly match: readonly {
    readonly label: string;
    /** The pattern taken apart at each `*`. */
    readonly pieces: readonly string[];
  }[];
  readonly status: "firing" | "resolved" | "any";
  readonly target: {
    readonly kind: "breaker" | "limit" | "peer";
    readonly id: Template;
    /** `host:port` of a peer of the upstream `id`. */
    readonly peer?: Template;
  };
  readonly fields: Readonly<Record<string, unknown>>;
  /** What takes `fields` back. */
  readonly undo: Readonly<Record<string, unknown>>;
  readonly ttl_seconds: number;
  readonly reason?: Template;
}

export interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string | undefined>>;
}

/** One change to make. */
export interface AlertAction {
  /** The rule's place in the list, from 0. */
  readonly rule: number;
  readonly kind: "breaker" | "limit" | "peer";
  readonly id: string;
  readonly peer: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  /** A label that the rule names and the alert does not have: nothing can be done. */
  readonly missing: string | undefined;
}

/** No plugin takes a longer reason. */
const MAX_REASON_BYTES = 200;

/** True when `text` is the pieces in order with any text between them. */
export function matchesPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? "";
  if (pieces.length < 2) {
    return text === first;
  }
  if (string.sub(text, 1, first.length) !== first) {
    return false;
  }
  let position = first.length + 1;
  for (const index of $range(1, pieces.length - 2)) {
    const [, found] = string.find(text, pieces[index] ?? "", position, true);
    const end = found as number | undefined;
    if (end === undefined) {
      return false;
    }
    position = end + 1;
  }
  const last = pieces[pieces.length - 1] ?? "";
  return text.length - last.length + 1 >= position && (last === "" || string.sub(text, -last.length) === last);
}

function matches(rule: AlertRule, alert: Alert): boolean {
  if (rule.status !== "any" && rule.status !== alert.status) {
    return false;
  }
  for (const { label, pieces } of rule.match) {
    const value = alert.labels[label];
    // As in Prometheus, a label that is not there is empty.
    if (!matchesPieces(pieces, value ?? "")) {
      return false;
    }
  }
  return true;
}

/** The template with the labels' values, and the first label that there is none of. */
function fill(template: Template, alert: Alert): LuaMultiReturn<[string, string | undefined]> {
  let filled = "";
  let missing: string | undefined;
  for (const { text, label } of template) {
    if (text !== undefined) {
      filled += text;
    } else if (label !== undefined) {
      const value = alert.labels[label];
      missing ??= value === undefined ? label : undefined;
      filled += value ?? "";
    }
  }
  return $multi(filled, missing);
}

function reasonOf(rule: AlertRule, alert: Alert): string {
  const [given] = fill(rule.reason ?? [], alert);
  const name = alert.labels["alertname"] ?? "without a name";
  const reason = given === "" ? `alert ${name} is ${alert.status}` : given;
  return string.sub(reason, 1, MAX_REASON_BYTES);
}

/** The changes that `alert` asks for, in the order of the rules: every rule that matches is followed. */
export function actionsFor(rules: readonly AlertRule[], alert: Alert): readonly AlertAction[] {
  const actions: AlertAction[] = [];
  for (const index of $range(0, rules.length - 1)) {
    const rule = rules[index];
    if (rule !== undefined && matches(rule, alert)) {
      const undoing = rule.status === "any" && alert.status === "resolved";
      const [id, missingInId] = fill(rule.target.id, alert);
      const [peer, missingInPeer] = fill(rule.target.peer ?? [], alert);
      const fields: Record<string, unknown> = { reason: reasonOf(rule, alert) };
      for (const [name, value] of pairs(undoing ? rule.undo : rule.fields)) {
        fields[name] = value;
      }
      if (!undoing) {
        fields["ttl_seconds"] = rule.ttl_seconds;
      }
      actions.push({
        rule: index,
        kind: rule.target.kind,
        id,
        peer: rule.target.peer === undefined ? undefined : peer,
        fields,
        missing: missingInId ?? missingInPeer,
      });
    }
  }
  return actions;
}
