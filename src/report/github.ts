/** The report as workflow commands of GitHub Actions: annotations for the worst findings, then the counts as a log line. */
import type { Judged, Verdict } from "../verdict.ts";
import { commandData, commandProperty } from "./encode.ts";
import { counted, type RuleHelpLookup, type RunInfo, summaryParts } from "./run-info.ts";

/** GitHub shows ten errors and ten warnings of a step and drops the rest without a word. */
const mostAnnotations = 10;

/** A path on Linux is at most this long. */
const longestPath = 4_096;

/**
 * In: verdict, run, what is known of rules. Out: lines, each ended by a line feed: at most ten findings in the verdict's order, a notice of how many
 * more there are, one warning for what was not scanned, and the counts. Findings that policy covers are only counted.
 */
export function githubReport(verdict: Verdict, info: RunInfo, ruleHelp: RuleHelpLookup): string {
  const live = verdict.judged.filter(
    ({ state, blocking }) =>
      blocking || state === "open" || state === "waiver-requested" || state === "removed-not-revoked",
  );
  const lines = live.slice(0, mostAnnotations).map((judged) => annotation(judged, ruleHelp));
  if (live.length > mostAnnotations) {
    lines.push(
      `::notice title=Leasehold::${counted(live.length - mostAnnotations, "more finding", "more findings")}; the whole report lists all`,
    );
  }
  const { gaps } = verdict.coverage;
  if (gaps.length > 0) {
    const first = gaps.slice(0, 5).map((gap) => commandData(`${gap.subject}: ${gap.detail}`));
    const rest = gaps.length > 5 ? [`and ${gaps.length - 5} more`] : [];
    lines.push(
      `::warning title=${commandProperty("Leasehold: not everything was scanned")}::${[...first, ...rest].join("%0A")}`,
    );
  }
  lines.push(`leasehold: ${summaryParts(verdict, info).join(" · ")}`);
  return `${lines.join("\n")}\n`;
}

function annotation(judged: Judged, ruleHelp: RuleHelpLookup): string {
  const { finding, blocking } = judged;
  const { path, line, column, endLine, endColumn } = finding.place;
  const place = [path === "" ? "" : `file=${commandProperty(path, longestPath)}`];
  if (line >= 1) {
    place.push(`line=${line}`, `endLine=${Math.max(line, endLine)}`);
    if (endLine <= line) place.push(`col=${column}`, `endColumn=${Math.max(column, endColumn)}`);
  }
  const properties = [...place, `title=${commandProperty(`${finding.rule} ${finding.id}`)}`]
    .filter((part) => part !== "")
    .join(",");
  const help = ruleHelp(finding.rule);
  const message = [
    commandData(`${finding.message} ${finding.preview}`.trim()),
    help === undefined || help.revoke === "" ? "" : commandData(help.revoke),
    commandData(`More: leasehold explain ${finding.id}`),
    ...(finding.facts.entry?.trimEnd().split("\n") ?? []).map((one) => commandData(one)),
    blocking ? commandData(`Exception: leasehold waive ${finding.id}`) : "",
  ].filter((part) => part !== "");
  return `::${blocking ? "error" : "warning"} ${properties}::${message.join("%0A")}`;
}
