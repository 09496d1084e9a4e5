/** What of a log goes to an auditor: records of a window and a control with their bodies, the rest as bare links, and a table. */
import { compareText } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import { type Standing, standings } from "./draft.ts";
import { type EvidenceBody, type EvidenceRecord, noPrevious, recordLine } from "./evidence.ts";

export type EvidenceFilter = {
  /** First and last day, in UTC; both belong to it. */
  from?: PlainDate;
  to?: PlainDate;
  /** A control with or without its framework: `NHI7:2025`, `owasp-nhi:NHI7:2025`. */
  control?: string;
};

/** Controls of a rule, for records that carry none of their own. */
export type ControlLookup = (rule: string) => readonly string[];

/** Whether a record is within a filter. */
export function isWanted(body: EvidenceBody, filter: EvidenceFilter, controlsOf: ControlLookup): boolean {
  const day = body.at.slice(0, 10);
  if (filter.from !== undefined && day < filter.from) return false;
  if (filter.to !== undefined && day > filter.to) return false;
  return (
    filter.control === undefined ||
    controlsIn(body, controlsOf).some((control) => sameControl(control, filter.control!))
  );
}

/**
 * The lines of an export: every record of the log, those outside the filter without their body, so that `verifyEvidence` can still
 * follow the chain to its head.
 */
export function* exportLines(
  records: Iterable<EvidenceRecord>,
  filter: EvidenceFilter,
  controlsOf: ControlLookup,
): Generator<string> {
  for (const record of records) {
    const { body, ...links } = record;
    yield recordLine(body !== undefined && isWanted(body, filter, controlsOf) ? record : links);
  }
}

/** One control with how many records support it, by what they rest on. */
export type ControlRow = { control: string; rules: string[] } & Record<Standing, number>;

export type EvidenceTable = {
  rows: ControlRow[];
  records: number;
  /** Records that no control is mapped to. */
  unmapped: number;
  /** Records that were closed without proof. */
  gaps: number;
  head: string;
};

/** Counts per control. In: the records of a log, the filter. Out: rows in the order of the controls. */
export function evidenceTable(
  records: Iterable<EvidenceRecord>,
  filter: EvidenceFilter,
  controlsOf: ControlLookup,
): EvidenceTable {
  const rows = new Map<string, { rules: Set<string> } & Record<Standing, number>>();
  let count = 0;
  let unmapped = 0;
  let gaps = 0;
  let head = noPrevious;
  for (const { body, hash } of records) {
    head = hash;
    if (body === undefined || !isWanted(body, filter, controlsOf)) continue;
    count++;
    if (lacksProof(body)) gaps++;
    const all = controlsIn(body, controlsOf);
    const controls = filter.control === undefined ? all : all.filter((one) => sameControl(one, filter.control!));
    if (controls.length === 0) unmapped++;
    for (const control of controls) {
      const row = rows.get(control) ?? { rules: new Set<string>(), declared: 0, observed: 0, verified: 0 };
      rows.set(control, row);
      row[body.standing]++;
      if (body.rule !== undefined) row.rules.add(body.rule);
    }
  }
  return {
    rows: [...rows]
      .sort(([a], [b]) => compareText(a, b))
      .map(([control, { rules, ...counts }]) => ({ control, rules: [...rules].sort(), ...counts })),
    ...{ records: count, unmapped, gaps, head },
  };
}

/** The words that an export may say of a control: it supports one, it never says that anybody complies. */
export const exportNote =
  "These records support the controls named. They do not say that anybody complies with a framework, and what is not recorded is unknown, not passed.";

/** The table as columns for Markdown, CSV or a terminal: a head and rows of plain text. */
export function tableCells(table: EvidenceTable): { head: string[]; rows: string[][] } {
  return {
    head: ["control", "supported by", ...standings],
    rows: table.rows.map((row) => [
      row.control,
      row.rules.join(" "),
      ...standings.map((standing) => String(row[standing])),
    ]),
  };
}

/** Whether a record closes something and names nothing that proves it: no commit, run, proof or fingerprint. */
export function lacksProof({ decision, commit, run, proof, fingerprint }: EvidenceBody): boolean {
  const closing = decision === "resolved" || decision === "revoked";
  return closing && commit === undefined && run === undefined && proof === undefined && fingerprint === undefined;
}

function controlsIn(body: EvidenceBody, controlsOf: ControlLookup): readonly string[] {
  return body.controls ?? (body.rule === undefined ? [] : controlsOf(body.rule));
}

function sameControl(control: string, wanted: string): boolean {
  const name = control.toLowerCase();
  return name === wanted.toLowerCase() || name.slice(name.indexOf(":") + 1) === wanted.toLowerCase();
}
