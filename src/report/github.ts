/** The report as workflow commands of GitHub Actions: annotations for the worst findings, then the counts as a log line. */
import type { Gap } from "../finding.ts";
import type { Judged, Verdict } from "../verdict.ts";
import { commandData, commandProperty } from "./encode.ts";
import { counted, type RuleHelpLookup, type RunInfo, summaryParts } from "./run-info.ts";

/** GitHub shows ten errors and ten warnings of a step and drops the rest without a word. */
const mostAnnotations = 10;

/** Of what was not scanned and of notes. */
const mostSentences = 5;

/** A path on Linux is at most this long. */
const longestPath = 4_096;

/**
 * In: verdict, run, what is known of rules, where the whole report is. Out: lines, each ended by a line feed: the worst
 * findings in the verdict's order, a notice of how many more there are, one warning for what was not scanned, a notice of what the verdict notes, and the counts: never more than ten of one
 * level. Findings that policy covers are only counted.
 */
export function githubReport(
  verdict: Verdict,
  info: RunInfo,
  ruleHelp: RuleHelpLookup,
  whole = "the whole report",
): string {
  const live = verdict.judged.filter(
    ({ state, blocking }) =>
      blocking || state === "open" || state === "waiver-requested" || state === "removed-not-revoked",
  );
  const { gaps } = verdict.coverage;
  const most = mostAnnotations - (gaps.length > 0 ? 1 : 0);
  const lines = live.slice(0, most).map((judged) => annotation(judged, ruleHelp));
  if (live.length > most)
    lines.push(`::notice title=Leasehold::${counted(live.length - most, "more", "more")} in ${commandData(whole)}`);
  if (gaps.length > 0) lines.push(listing("warning", "Leasehold: not everything was scanned", gaps.map(gapText)));
  if (verdict.notes.length > 0) lines.push(listing("notice", "Leasehold", verdict.notes));
  lines.push(`leasehold: ${summaryParts(verdict, info).join(" · ")}`);
  return `${lines.join("\n")}\n`;
}

/** One annotation with the first few of some sentences. */
function listing(level: "warning" | "notice", title: string, sentences: readonly string[]): string {
  const first = sentences.slice(0, mostSentences).map((sentence) => commandData(sentence));
  const rest = sentences.length > mostSentences ? [`and ${sentences.length - mostSentences} more`] : [];
  return `::${level} title=${commandProperty(title)}::${[...first, ...rest].join("%0A")}`;
}

function gapText({ subject, detail }: Gap): string {
  return subject === "" ? detail : `${subject}: ${detail}`;
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
