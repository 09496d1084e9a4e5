/** The report as Markdown for a job summary, a check or a comment, within a budget of bytes. */
import type { Judged, Verdict } from "../verdict.ts";
import { cap, markdownCode, markdownFence, markdownText } from "./encode.ts";
import { blockFacts, pasteMarkdown, pasteOf } from "./paste.ts";
import { counted, type RuleHelpLookup, skippedLine, summaryParts, type TimelessInfo } from "./run-info.ts";

/** GitHub refuses a step summary over 1 MiB; a check's summary over 65,535 characters; the smaller one, with room to spare. */
const defaultBudget = 60_000;

const most = { rows: 500, details: 50, gaps: 20 } as const;

/**
 * In: verdict, run, what is known of rules, most bytes of UTF-8. Out: Markdown that is never longer: with too little room the details go first, then
 * rows, then all but the counts. Never throws.
 */
export function markdownReport(
  verdict: Verdict,
  info: TimelessInfo,
  ruleHelp: RuleHelpLookup,
  budget: number = defaultBudget,
): string {
  const head = heading(verdict, info);
  const paste = pasteOf(verdict);
  const tail = [
    ...advice(verdict),
    ...(paste === undefined ? [] : [pasteMarkdown(paste)]),
    ...gapList(verdict),
    ...noteList(verdict),
  ];
  const rows = verdict.judged.slice(0, most.rows).map((judged) => row(judged, ruleHelp));
  const whole = document(head, rows, verdict.judged.length, details(verdict, ruleHelp), tail);
  if (bytes(whole) <= budget) return whole;
  for (let shown = rows.length; shown > 0; shown = Math.floor(shown * 0.8)) {
    const shorter = document(head, rows.slice(0, shown), verdict.judged.length, [], tail);
    if (bytes(shorter) <= budget) return shorter;
  }
  const counts = document(head, [], verdict.judged.length, [], []);
  if (bytes(counts) <= budget) return counts;
  const least = `${head}\n`;
  return bytes(least) <= budget ? least : "";
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function document(
  head: string,
  rows: readonly string[],
  total: number,
  detailBlocks: readonly string[],
  tail: readonly string[],
): string {
  const parts = [head];
  if (rows.length > 0)
    parts.push(["| | id | rule | where | why it matters | do this |", "|---|---|---|---|---|---|", ...rows].join("\n"));
  if (rows.length < total)
    parts.push(`${counted(total - rows.length, rows.length === 0 ? "finding" : "more finding")} not listed here.`);
  return `${[...parts, ...tail, ...detailBlocks].join("\n\n")}\n`;
}

function heading(verdict: Verdict, info: TimelessInfo): string {
  const partial = verdict.coverage.gaps.length > 0;
  const symbol = verdict.counts.blocking > 0 ? "❌" : verdict.counts.warnings > 0 || partial ? "⚠️" : "✅";
  const [counts, ...rest] = summaryParts(verdict, info);
  return `## ${symbol} Leasehold: ${counts} (${rest.join(", ")})`;
}

function row(judged: Judged, ruleHelp: RuleHelpLookup): string {
  const { finding } = judged;
  const help = ruleHelp(finding.rule);
  const where = markdownCode(placeOf(judged), 120);
  const commit = markdownCode(finding.origin?.commit.slice(0, 7) ?? "");
  const why = [markdownText(finding.message, 160), factList(judged)].filter((part) => part !== "").join("; ");
  const steps = help === undefined || help.revoke === "" ? [] : [markdownText(help.revoke, 160)];
  const next = [...steps, markdownCode(`leasehold explain ${finding.id}`)]
    .map((step, at, all) => (all.length > 1 ? `${at + 1}. ${step}` : step))
    .join(" ");
  return `| ${markOf(judged)} | ${markdownCode(finding.id, 20)} | ${markdownCode(finding.rule, 80)} | ${[where, commit].filter((part) => part !== "").join(" @ ")} | ${why} | ${next} |`;
}

/** A mark that differs in shape and in words, for readers who see no colour. */
function markOf({ blocking, state, finding }: Judged): string {
  if (blocking) return `🔴 ${finding.severity}`;
  return state === "open" ? `🟡 ${finding.severity}` : `⚪ ${state}`;
}

function placeOf({ finding }: Judged): string {
  const { path, line } = finding.place;
  return line >= 1 ? `${cap(path, 100)}:${line}` : path;
}

function factList({ finding }: Judged): string {
  return Object.entries(finding.facts)
    .filter(([name]) => !blockFacts.has(name))
    .slice(0, 6)
    .map(([name, value]) => markdownText(`${name} ${value}`, 60))
    .join(", ");
}

/** Deleting a line is what everybody tries first, so it is said where a leak was brought in by a commit. */
function advice(verdict: Verdict): string[] {
  const leak = verdict.judged.find(({ finding, blocking }) => blocking && finding.rule.startsWith("leak/"));
  if (leak === undefined) return [];
  const commit =
    leak.finding.origin === undefined
      ? "the history"
      : `commit ${markdownCode(leak.finding.origin.commit.slice(0, 7))}`;
  return [`ℹ️ Deleting the line does not help: the value stays in ${commit}. Revoke first.`];
}

function gapList(verdict: Verdict): string[] {
  const { gaps } = verdict.coverage;
  if (gaps.length === 0) return [];
  const lines = gaps
    .slice(0, most.gaps)
    .map((gap) => `- ${markdownCode(gap.subject, 120) || "(unnamed)"} ${markdownText(gap.detail)}`);
  if (gaps.length > most.gaps) lines.push(`- and ${gaps.length - most.gaps} more`);
  return [`**Not scanned**\n\n${lines.join("\n")}`];
}

function noteList(verdict: Verdict): string[] {
  const notes = verdict.notes.slice(0, most.gaps).map((note) => `- ${markdownText(note)}`);
  const skipped = skippedLine(verdict);
  if (skipped !== "") notes.push(`- ${markdownText(`left out on purpose: ${skipped}`)}`);
  if (verdict.hidden > 0) notes.push(`- ${counted(verdict.hidden, "weaker finding")} not shown`);
  if (verdict.mode === "observe" && verdict.judged.length > 0)
    notes.push("- mode is observe: findings never fail the check");
  return notes.length === 0 ? [] : [notes.join("\n")];
}

/** The source line and the reasons of each blocking finding, folded. */
function details(verdict: Verdict, ruleHelp: RuleHelpLookup): string[] {
  return verdict.judged
    .filter(({ blocking }) => blocking)
    .slice(0, most.details)
    .map((judged) => {
      const { finding } = judged;
      const help = ruleHelp(finding.rule);
      const lines = [
        finding.excerpt === "" ? "" : markdownFence([finding.excerpt]),
        help === undefined ? "" : markdownText(help.why),
        judged.because.map((reason) => `- ${markdownText(reason)}`).join("\n"),
        `Exception: ${markdownCode(`leasehold waive ${finding.id}`)}`,
      ].filter((line) => line !== "");
      return `<details><summary>${markdownText(`${finding.id} ${finding.rule}`)}</summary>\n\n${lines.join("\n\n")}\n\n</details>`;
    });
}
