/** How many findings were open, month by month, as the evidence says. */
import { daysBetween, type PlainDate } from "../plain-date.ts";
import type { EvidenceBody, EvidenceRecord } from "./evidence.ts";

/** `open` at the month's end (of the last month: at its last record); `opened` and `closed` within it. */
export type MonthCount = { month: string; open: number; opened: number; closed: number };

/**
 * In: the records of a log in their order. Out: every month from the first record about a finding to the last, in order; empty without
 * any. A finding is open from its first record to the one that resolves it, revokes the credential or calls it a false positive; one that
 * was waived is still open.
 */
export function trendOf(records: readonly EvidenceRecord[]): MonthCount[] {
  const open = new Set<string>();
  const months = new Map<string, MonthCount>();
  for (const { body } of records) {
    if (body?.finding === undefined) continue;
    const month = body.at.slice(0, 7);
    const count = months.get(month) ?? { month, open: open.size, opened: 0, closed: 0 };
    months.set(month, count);
    if (closes(body)) {
      if (open.delete(body.finding)) count.closed++;
    } else if (!open.has(body.finding)) {
      open.add(body.finding);
      count.opened++;
    }
    count.open = open.size;
  }
  const [first, last] = [[...months.keys()].sort()[0], [...months.keys()].sort().at(-1)];
  if (first === undefined || last === undefined) return [];
  const all: MonthCount[] = [];
  for (let month = first; month <= last; month = after(month)) {
    const quiet = { month, open: all.at(-1)?.open ?? 0, opened: 0, closed: 0 };
    all.push(months.get(month) ?? quiet);
  }
  return all;
}

/**
 * How long findings were open that are closed now, from their first record (after the last time they were closed) to the one that closed
 * them. In: as for `trendOf`. Out: whole days in ascending order.
 */
export function daysToClose(records: readonly EvidenceRecord[]): number[] {
  const since = new Map<string, PlainDate>();
  const closed = new Map<string, number>();
  for (const { body } of records) {
    if (body?.finding === undefined) continue;
    const day = body.at.slice(0, 10);
    const opened = since.get(body.finding);
    if (!closes(body)) {
      if (opened === undefined) since.set(body.finding, day);
      closed.delete(body.finding);
    } else if (opened !== undefined) {
      since.delete(body.finding);
      closed.set(body.finding, Math.max(0, daysBetween(opened, day)));
    }
  }
  return [...closed.values()].sort((a, b) => a - b);
}

function closes({ decision }: EvidenceBody): boolean {
  return decision === "resolved" || decision === "revoked" || decision === "false-positive";
}

function after(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}
