/**
 * All conditions of an upstream as one document that JSON can say: what lies in shared memory. A list with one row for each
 * peer that is not well; a row is a list too, for names of fields would be most of the text.
 */
import { conditionOf, type Condition, type Ejection, type Verdict } from "./peer-condition.ts";

/** Key; unhealthy, draining (0 or 1), share, note; until, count, returned, note. */
type ConditionRow = readonly (string | number)[];

/** By `host:port`. */
type Conditions = Record<string, Condition | undefined>;

/** Later than any time that is meant: the year 33658. */
const LATEST_SECONDS = 1e12;
const MOST_EJECTIONS = 1e6;

function row(key: string, { verdict, ejection }: Condition): ConditionRow {
  return [
    key,
    verdict.unhealthy ? 1 : 0,
    verdict.draining ? 1 : 0,
    verdict.share,
    verdict.note,
    ejection.untilSeconds,
    ejection.count,
    ejection.returnedSeconds,
    ejection.note,
  ];
}

function conditionRows(conditions: Readonly<Conditions>): ConditionRow[] {
  const rows: ConditionRow[] = [];
  for (const key in conditions) {
    const condition = conditions[key];
    if (condition !== undefined) {
      rows.push(row(key, condition));
    }
  }
  return rows;
}

/** `host:port` as far as it matters: it ends in a digit and holds a colon, so it is no name that tables have of their own. */
function isKey(value: unknown): value is string {
  if (typeof value !== "string" || value.length > 300 || value.indexOf(":") < 1) {
    return false;
  }
  const last = value.slice(-1).charCodeAt(0);
  return last >= 48 && last <= 57;
}

/** A number from 0 to `most`; undefined for all else, NaN included. */
function within(value: unknown, most: number): number | undefined {
  return typeof value === "number" && value >= 0 && value <= most ? value : undefined;
}

function note(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 120) : "";
}

function readVerdict(fields: readonly unknown[]): Verdict | undefined {
  const share = within(fields[3], 1);
  if (share === undefined || share === 0) {
    return undefined;
  }
  return { unhealthy: fields[1] === 1, draining: fields[2] === 1, share, note: note(fields[4]) };
}

function readEjection(fields: readonly unknown[]): Ejection | undefined {
  const untilSeconds = within(fields[5], LATEST_SECONDS);
  const count = within(fields[6], MOST_EJECTIONS);
  const returnedSeconds = within(fields[7], LATEST_SECONDS);
  if (untilSeconds === undefined || count === undefined || returnedSeconds === undefined) {
    return undefined;
  }
  return { untilSeconds, count: Math.floor(count), returnedSeconds, note: note(fields[8]) };
}

/** The rows that make sense of whatever JSON said; the others are left out. */
function readConditions(document: unknown): Conditions {
  const conditions: Conditions = {};
  // `typeof` says "object" of lists; Lua knows no difference between the two.
  if (typeof document !== "object") {
    return conditions;
  }
  const rows = document as readonly unknown[];
  for (let index = 0; rows[index] !== undefined; index++) {
    const fields = rows[index];
    if (typeof fields === "object") {
      const values = fields as readonly unknown[];
      const key = values[0];
      const verdict = readVerdict(values);
      const ejection = readEjection(values);
      if (isKey(key) && verdict !== undefined && ejection !== undefined) {
        conditions[key] = conditionOf(verdict, ejection);
      }
    }
  }
  return conditions;
}

export { conditionRows, readConditions };
export type { ConditionRow, Conditions };
