/** What a check shows: title, summary within a budget of bytes, annotations, buttons. All of it is text that anybody may have chosen, made harmless. */
import { type Annotation, type CheckButton, checkLimits } from "../github/check-run.ts";
import { cap, markdownCode, markdownFence, markdownText, terminalText } from "../report/encode.ts";
import { markdownReport } from "../report/markdown.ts";
import { counted, countsLine, type RuleHelpLookup, scopeLine } from "../report/run-info.ts";
import type { CheckConclusion } from "../store/schema.ts";
import type { Judged, Verdict } from "../verdict.ts";
import type { Subject } from "./content.ts";
import type { Judgement } from "./judge-subject.ts";

/** One subject of a check with what came of it. */
export type JudgedSubject = { subject: Subject; judgement: Judgement; conclusion: CheckConclusion };

export type CheckOutput = {
  conclusion: CheckConclusion;
  title: string;
  summary: string;
  annotations: Annotation[];
  actions: CheckButton[];
};

/** Bytes of a summary; GitHub takes 65,535 characters. */
const budget = 60_000;
/** More than these nobody reads beside a diff; each fifty cost a request. */
const mostAnnotations = 200;
const mostSubjects = 20;

const badness: Readonly<Record<CheckConclusion, number>> = { failure: 0, neutral: 1, success: 2 };

/** In: what was judged, at least one. Out: the check, which shows the worst. */
export function checkOutput(judged: readonly JudgedSubject[]): CheckOutput {
  const worst = [...judged].sort(
    (a, b) => badness[a.conclusion] - badness[b.conclusion] || blockingOf(b.judgement) - blockingOf(a.judgement),
  )[0]!;
  const others = judged.length > 1 ? othersText(judged) : "";
  const room = budget - Buffer.byteLength(others);
  const { judgement, conclusion } = worst;
  switch (judgement.kind) {
    case "empty":
      return { ...plain, conclusion, title: "empty", summary: `${others}The repository has no commit.\n` };
    case "gone":
      return {
        ...{ ...plain, conclusion, title: "nothing judged: the commits are gone" },
        summary: `${others}GitHub does not have these commits any more, so they could not be looked at.\n`,
      };
    case "invalid":
      return {
        ...{ ...plain, conclusion, title: "a file of Leasehold's cannot be read" },
        summary: `${others}## ❌ Leasehold: this change makes a file unreadable that steers it\n\n${markdownFence(judgement.lines, 2_000)}\n\nMend it in this branch; \`leasehold policy check\` tells the same before a push. No other change is touched by it.\n`,
      };
    case "judged": {
      const { verdict, info, ruleHelp, governed } = judgement;
      const lead = governed ? others : `${others}${noPolicy}`;
      return {
        conclusion,
        title: titleOf(judgement),
        summary: lead + markdownReport(verdict, info, ruleHelp, room - Buffer.byteLength(noPolicy)),
        annotations: annotationsOf(verdict, ruleHelp),
        actions: buttonsOf(verdict),
      };
    }
  }
}

const plain = { annotations: [], actions: [] };
const noPolicy =
  "There is no policy yet, so what is built in was applied and fails nothing. `leasehold init` writes one.\n\n";

function blockingOf(judgement: Judgement): number {
  return judgement.kind === "judged" ? judgement.verdict.counts.blocking : 0;
}

function titleOf({ verdict, info }: Extract<Judgement, { kind: "judged" }>): string {
  const parts = [countsLine(verdict).replaceAll(", ", " · ")];
  if (verdict.judged.length === 0) parts.push(`in ${scopeLine(info)}`);
  const gaps = verdict.coverage.gaps.length;
  return cap(`${parts.join(" ")}${gaps === 0 ? "" : ` · partial: ${counted(gaps, "gap")}`}`, checkLimits.title);
}

/** One line for each pull request that has this head. */
function othersText(judged: readonly JudgedSubject[]): string {
  const lines = judged.slice(0, mostSubjects).map(({ subject, judgement, conclusion }) => {
    const what =
      subject.kind === "pull-request"
        ? `Pull request ${subject.number} into ${markdownCode(subject.target, 80)}`
        : subject.kind === "push"
          ? `Push to ${markdownCode(subject.ref, 80)}`
          : `Merge group for ${markdownCode(subject.target, 80)}`;
    const counts = judgement.kind === "judged" ? countsLine(judgement.verdict) : judgement.kind;
    return `- ${what}: ${conclusion}, ${markdownText(counts)}`;
  });
  if (judged.length > mostSubjects) lines.push(`- and ${judged.length - mostSubjects} more`);
  return `${lines.join("\n")}\n\nThe worst of these:\n\n`;
}

/** Findings that stand in a file of the head, the worst first. */
function annotationsOf({ judged }: Verdict, ruleHelp: RuleHelpLookup): Annotation[] {
  return judged
    .filter(({ finding, state, blocking }) => {
      const { place, origin } = finding;
      const stands = place.path !== "" && place.line >= 1 && origin?.inMessage !== true && origin?.atHead !== false;
      return stands && (blocking || state === "open" || state === "waiver-requested");
    })
    .slice(0, mostAnnotations)
    .map((one) => annotationOf(one, ruleHelp));
}

function annotationOf({ finding, blocking }: Judged, ruleHelp: RuleHelpLookup): Annotation {
  const { path, line, column, endLine, endColumn } = finding.place;
  const last = Math.max(line, endLine);
  const help = ruleHelp(finding.rule);
  const message = [
    terminalText(`${finding.message} ${finding.preview}`.trim()),
    help === undefined || help.revoke === "" ? "" : terminalText(help.revoke),
    `More: leasehold explain ${finding.id}`,
    blocking ? `Exception: leasehold waive ${finding.id}` : "",
  ].filter((part) => part !== "");
  return {
    ...{ path: path.toWellFormed(), start_line: line, end_line: last },
    ...(last === line ? { start_column: column, end_column: Math.max(column, endColumn) } : {}),
    annotation_level: blocking ? "failure" : "warning",
    title: cap(terminalText(`${finding.rule} ${finding.id}`), checkLimits.title),
    message: message.join("\n"),
  };
}

/** Only when one finding blocks: its id travels in the identifier. */
function buttonsOf({ judged }: Verdict): CheckButton[] {
  const blocking = new Map(judged.filter((one) => one.blocking).map(({ finding }) => [finding.id, finding.rule]));
  const [only] = [...blocking];
  if (only === undefined || blocking.size > 1) return [];
  const [id, rule] = only;
  const buttons: CheckButton[] = [
    { label: "Open fix PR", description: `What mends ${id}`, identifier: `fix:${id}` },
    { label: "Request waiver", description: `An exception for ${id}, with an end`, identifier: `waive:${id}` },
  ];
  if (rule.startsWith("leak/"))
    buttons.push({ label: "Not a secret", description: `${id} opens nothing`, identifier: `not-secret:${id}` });
  return buttons;
}
