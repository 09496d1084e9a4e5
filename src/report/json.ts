/** The report as one JSON document; `schema/report.json` describes it. */
import type { Judged, Verdict } from "../verdict.ts";
import { jsonText } from "./encode.ts";
import type { RunInfo } from "./run-info.ts";

/** Version of the document's form. It goes up when a key changes its meaning or goes; a reader passes over keys it does not know. */
export const reportVersion = 1 as const;

/** The report as data. */
export type JsonReport = ReturnType<typeof reportDocument>;

/**
 * The report as one document. In: verdict and run. Out: JSON text, indented, ended by a line feed. A path or message in it is exact,
 * so whoever shows it must encode it.
 */
export function jsonReport(verdict: Verdict, info: RunInfo): string {
  return `${jsonText(reportDocument(verdict, info), 2)}\n`;
}

/** Everything but the text form. */
export function reportDocument(verdict: Verdict, info: RunInfo) {
  return { version: reportVersion, ...summaryDocument(verdict, info), findings: verdict.judged.map(findingDocument) };
}

/** What is said of the run as a whole: the last line of a jsonl report has the same keys. */
export function summaryDocument(verdict: Verdict, info: RunInfo) {
  const { gaps, skipped, commits, files, bytes } = verdict.coverage;
  return {
    tool: { name: "leasehold" as const, version: info.toolVersion, rules: info.ruleCount },
    run: {
      command: info.command,
      ...(info.range === undefined ? {} : { range: info.range }),
      today: info.today,
      seconds: info.seconds,
    },
    mode: verdict.mode,
    result: verdict.result,
    failOn: { severity: verdict.failOn.severity, confidence: verdict.failOn.confidence },
    counts: {
      blocking: verdict.counts.blocking,
      warnings: verdict.counts.warnings,
      waived: verdict.counts.waived,
      baseline: verdict.counts.baseline,
      requested: verdict.counts.requested,
      hidden: verdict.hidden,
    },
    coverage: {
      complete: gaps.length === 0,
      commits,
      files,
      bytes,
      gaps: gaps.map(({ subject, kind, detail }) => ({ subject, kind, detail })),
      skipped: skipped.map(({ subject, kind, detail }) => ({ subject, kind, detail })),
    },
    notes: [...verdict.notes],
  };
}

/** One finding with what policy says of it. Edits of a fix are left out: the file they belong to is not in the report. */
export function findingDocument({ finding, state, blocking, because, coveredBy }: Judged) {
  const { path, line, column, endLine, endColumn, start, end } = finding.place;
  return {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    state,
    blocking,
    because: [...because],
    ...(coveredBy === undefined ? {} : { coveredBy: { ...coveredBy } }),
    place: { path, line, column, endLine, endColumn, start, end },
    message: finding.message,
    preview: finding.preview,
    excerpt: finding.excerpt,
    facts: { ...finding.facts },
    gates: [...finding.gates],
    fixes: finding.fixes.map((fix) => ({ title: fix.title })),
    ...(finding.origin === undefined ? {} : { origin: { ...finding.origin } }),
  };
}
