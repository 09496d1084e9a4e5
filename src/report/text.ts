/** The report for a terminal: one block per finding, grouped by file, and the counts at the end. */
import type { Judged, Verdict } from "../verdict.ts";
import { columnsOf, fitTo, padTo, wrapTo } from "./columns.ts";
import { terminalText } from "./encode.ts";
import { excerptOf } from "./excerpt.ts";
import { blockFacts, pasteOf, pasteText } from "./paste.ts";
import { counted, type RuleHelpLookup, type RunInfo, skippedLine, summaryParts } from "./run-info.ts";

/** How the text may look; both come from the door that knows the terminal. */
export type TextOptions = { color: boolean; width: number };

type Paint = (style: keyof typeof styles, text: string) => string;

const styles = { red: "31;1", yellow: "33;1", dim: "2", bold: "1", cyan: "36", green: "32" } as const;

/** Severities as the first column has them. */
const severityWords = { critical: "critical", high: "high", medium: "med", low: "low", info: "info" } as const;

/** Most gaps, and most notes, that are listed one by one. */
const mostListed = 20;

/**
 * The report as text for people. Findings of the baseline are counted and not listed: a terminal is where one looks for what is new.
 * In: verdict, run, what is known of rules, whether to colour and how many columns there are. Out: lines, each ended by a line feed.
 */
export function textReport(verdict: Verdict, info: RunInfo, ruleHelp: RuleHelpLookup, options: TextOptions): string {
  const paint: Paint = (style, text) => (options.color && text !== "" ? `\x1b[${styles[style]}m${text}\x1b[0m` : text);
  const width = Math.max(40, options.width);
  const listed = verdict.judged.filter((judged) => judged.state !== "baseline");
  const head = headColumns(listed);
  const files = byFile(listed).map((judged) =>
    judged.flatMap((one) => block(one, head, ruleHelp, width, paint)).join("\n"),
  );
  const parts = [
    ...files,
    [...gapLines(verdict, paint), ...noteLines(verdict, paint), lastLine(verdict, info, paint)].join("\n"),
  ];
  const paste = pasteOf(verdict);
  // Last, so that it can be copied without looking for it.
  if (paste !== undefined) parts.push(pasteText(paste).trimEnd());
  return `${parts.join("\n\n").replaceAll("##[", "#\\x23[")}\n`;
}

/** Findings of one file side by side, files in the order of their worst finding. */
function byFile(judged: readonly Judged[]): Judged[][] {
  const files = new Map<string, Judged[]>();
  for (const one of judged) {
    const of = files.get(one.finding.place.path);
    if (of === undefined) files.set(one.finding.place.path, [one]);
    else of.push(one);
  }
  return [...files.values()];
}

type HeadColumns = { severity: number; rule: number; place: number };

function headColumns(judged: readonly Judged[]): HeadColumns {
  const widest = (text: (one: Judged) => string, most: number): number =>
    judged.reduce((columns, one) => Math.max(columns, Math.min(most, columnsOf(text(one)))), 0);
  return {
    severity: widest((one) => severityWords[one.finding.severity], 8),
    rule: widest((one) => terminalText(one.finding.rule, 60), 32),
    place: widest(placeText, 40),
  };
}

/** `path:line:column`, which editors and terminals open; a path alone where there is no line (a secret's name, a commit message). */
function placeText(judged: Judged): string {
  const { path, line, column } = judged.finding.place;
  const shown = terminalText(path);
  return line >= 1 ? `${shown}:${line}:${column}` : shown;
}

/** Symbol and colour of a finding; the symbols differ so that nothing hangs on colour. */
function markOf(judged: Judged): { symbol: string; style: keyof typeof styles } {
  if (judged.blocking) return { symbol: "✖", style: "red" };
  if (isCovered(judged)) return { symbol: "·", style: "dim" };
  return { symbol: "⚠", style: "yellow" };
}

/** Whether policy already has an answer to a finding. */
function isCovered(judged: Judged): boolean {
  return ["waived", "false-positive", "resolved", "revoked"].includes(judged.state);
}

function block(judged: Judged, head: HeadColumns, ruleHelp: RuleHelpLookup, width: number, paint: Paint): string[] {
  const { finding } = judged;
  const { symbol, style } = markOf(judged);
  const first = [
    `${paint(style, `${symbol} ${padTo(severityWords[finding.severity], head.severity)}`)}  ${paint("bold", padTo(terminalText(finding.rule, 60), head.rule))}`,
    padTo(placeText(judged), head.place),
    paint("cyan", terminalText(finding.id, 20)),
    [terminalText(finding.preview, 48), factsText(judged)].filter((part) => part !== "").join(" "),
  ].filter((part) => part.trim() !== "");
  const lines = [first.join("   ").trimEnd()];
  const state = stateText(judged);
  if (state !== "") lines.push(`    = ${paint("dim", state)}`);
  if (isCovered(judged)) return lines;
  const excerpt = excerptOf(finding, width - 6);
  if (excerpt !== undefined) lines.push(`    │ ${excerpt.line}`);
  lines.push(...whyLines(judged, excerpt, width, paint));
  lines.push(...nextLines(judged, ruleHelp, width, paint));
  return lines;
}

/** The caret with the sentence that says what was found; on a narrow terminal the sentence gets lines of its own. */
function whyLines(judged: Judged, excerpt: ReturnType<typeof excerptOf>, width: number, paint: Paint): string[] {
  const message = terminalText(judged.finding.message);
  const { style } = markOf(judged);
  if (excerpt === undefined || excerpt.carets === 0) return message === "" ? [] : hanging("    = ", message, width);
  const caret = `${" ".repeat(excerpt.indent)}${paint(style, "^".repeat(excerpt.carets))}`;
  const used = 6 + excerpt.indent + excerpt.carets + 1;
  if (message === "") return [`    │ ${caret}`];
  if (used + columnsOf(message) <= width) return [`    │ ${caret} ${message}`];
  return [`    │ ${caret}`, ...hanging("    = ", message, width)];
}

/** What to do, and, where the finding blocks, how to ask for an exception. */
function nextLines(judged: Judged, ruleHelp: RuleHelpLookup, width: number, paint: Paint): string[] {
  const { finding } = judged;
  const help = ruleHelp(finding.rule);
  const id = terminalText(finding.id, 20);
  const lead = finding.rule.startsWith("leak/") ? "revoke it first: " : "";
  const lines: string[] = [];
  if (help !== undefined && help.revoke !== "")
    lines.push(`    = ${fitTo(lead + terminalText(help.revoke), width - 6)}`);
  const more = `leasehold explain ${id}`;
  lines.push(
    `    = ${help === undefined && lead !== "" ? "revoke it first, then" : "more"}:  ${paint("bold", more)}${judged.blocking ? `   exception:  leasehold waive ${id}` : ""}`,
  );
  return lines;
}

function hanging(lead: string, text: string, width: number): string[] {
  const indent = " ".repeat(columnsOf(lead));
  return wrapTo(text, width - columnsOf(lead)).map((line, at) => (at === 0 ? lead : indent) + line);
}

function factsText(judged: Judged): string {
  const { facts: all, message, preview } = judged.finding;
  // What the line above or below says already is not said again.
  const facts = Object.entries(all)
    .filter(
      ([name, value]) => !blockFacts.has(name) && value !== preview && !message.includes(value.replace(/\.$/, "")),
    )
    .map(([name, value]) =>
      terminalText(name === "step" && value.startsWith("step ") ? value : `${name} ${value}`, 60),
    );
  const origin = judged.finding.origin;
  if (origin !== undefined) {
    facts.push(
      `since ${terminalText(origin.commit.slice(0, 8), 8)}${origin.atHead === false ? ", gone from HEAD" : ""}`,
    );
  }
  if (judged.finding.confidence !== "likely") facts.unshift(judged.finding.confidence);
  return facts.length === 0 ? "" : `(${facts.join(", ")})`;
}

/** Why a finding that would count does not, in a few words. */
function stateText(judged: Judged): string {
  const { coveredBy } = judged;
  const until = coveredBy?.until === undefined ? "" : ` until ${terminalText(coveredBy.until, 10)}`;
  const reason = [coveredBy?.reason, coveredBy?.why].filter((part) => part !== undefined && part !== "").join(": ");
  const tail = reason === "" ? "" : ` (${terminalText(reason, 120)})`;
  switch (judged.state) {
    case "open":
      return "";
    case "waiver-requested":
      return `waiver requested in the range under test, not granted yet${tail}`;
    case "waived":
      return `waived${until}${coveredBy?.kind === "inline" ? ", by a comment in the file" : ""}${tail}`;
    case "false-positive":
      return `false positive${until}${tail}`;
    case "removed-not-revoked":
      return "removed from HEAD, not revoked";
    default:
      return judged.state.replace("-", " ");
  }
}

function gapLines(verdict: Verdict, paint: Paint): string[] {
  const { gaps } = verdict.coverage;
  const lines = gaps
    .slice(0, mostListed)
    .map(
      (gap) =>
        `${paint("yellow", "! not scanned:")} ${terminalText(gap.subject)}  ${terminalText(gap.detail)} (${gap.kind})`,
    );
  if (gaps.length > mostListed)
    lines.push(`${paint("yellow", "! not scanned:")} ${gaps.length - mostListed} more; --format json lists all`);
  return lines;
}

function noteLines(verdict: Verdict, paint: Paint): string[] {
  const lines = verdict.notes.slice(0, mostListed).map((note) => terminalText(note));
  if (verdict.notes.length > mostListed)
    lines.push(`${verdict.notes.length - mostListed} more notes; --format json lists all`);
  if (verdict.counts.baseline > 0)
    lines.push(`${counted(verdict.counts.baseline, "finding")} of the baseline not listed; --format json lists all`);
  const skipped = skippedLine(verdict);
  if (skipped !== "") lines.push(terminalText(`left out on purpose: ${skipped}`));
  if (verdict.hidden > 0)
    lines.push(`${counted(verdict.hidden, "weaker finding")} not shown; --min-confidence weak shows all`);
  if (verdict.mode === "observe" && verdict.judged.length > 0)
    lines.push("mode is observe: findings are reported and never fail");
  return lines.map((line) => paint("dim", `note: ${line}`));
}

function lastLine(verdict: Verdict, info: RunInfo, paint: Paint): string {
  const style =
    verdict.counts.blocking > 0
      ? "red"
      : verdict.coverage.gaps.length > 0 || verdict.counts.warnings > 0
        ? "yellow"
        : "green";
  const [counts, ...rest] = summaryParts(verdict, info);
  return [paint(style, counts!), ...rest].join(" · ");
}
