/** The report as CSV (RFC 4180) for spreadsheets: one finding a row, no cell a formula. */
import type { Judged, Verdict } from "../verdict.ts";
import { csvCell } from "./encode.ts";

/** The columns in order; new ones are added at the end. */
export const csvColumns = [
  "id",
  "rule",
  "severity",
  "confidence",
  "state",
  "blocking",
  "path",
  "line",
  "column",
  "message",
  "preview",
  "facts",
  "commit",
  "author",
  "date",
  "at_head",
  "until",
  "reason",
] as const;

/**
 * In: a verdict. Out: a header and a row for each finding, with CR LF after each, as the RFC has it. What was not scanned stands as rows of its own
 * with the state `not-scanned`, since a table has no other place for it.
 */
export function csvReport(verdict: Verdict): string {
  const rows: string[][] = [[...csvColumns], ...verdict.judged.map(row)];
  for (const gap of verdict.coverage.gaps) {
    const cells: Partial<Record<(typeof csvColumns)[number], string>> = {
      state: "not-scanned",
      path: gap.subject,
      message: `${gap.kind}: ${gap.detail}`,
    };
    rows.push(csvColumns.map((column) => cells[column] ?? ""));
  }
  return rows.map((cells) => `${cells.map((cell) => csvCell(cell)).join(",")}\r\n`).join("");
}

function row({ finding, state, blocking, coveredBy }: Judged): string[] {
  const { origin, place } = finding;
  const cells: Record<(typeof csvColumns)[number], string> = {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    state,
    blocking: String(blocking),
    path: place.path,
    line: String(place.line),
    column: String(place.column),
    message: finding.message,
    preview: finding.preview,
    facts: Object.entries(finding.facts)
      .map(([name, value]) => `${name}=${value}`)
      .join("; "),
    commit: origin?.commit ?? "",
    author: origin?.author ?? "",
    date: origin?.date ?? "",
    at_head: origin?.atHead === undefined ? "" : String(origin.atHead),
    until: coveredBy?.until ?? "",
    reason: [coveredBy?.reason, coveredBy?.why].filter((part) => part !== undefined && part !== "").join(": "),
  };
  return csvColumns.map((column) => cells[column]);
}
