/** What `explain` says, as text. Everything that comes from a scan is untrusted and passes the encoder. */
import { genericRule } from "../leak/key-name.ts";
import type { LeakRule } from "../leak/rule.ts";
import { columnsOf, wrapTo } from "../report/columns.ts";
import { terminalText } from "../report/encode.ts";
import { excerptOf } from "../report/excerpt.ts";
import type { RuleHelp } from "../report/run-info.ts";
import type { Judged } from "../verdict.ts";
import { proofOf, tierOf } from "./rule-list.ts";

const labelColumns = 9;

/** A label and what stands beside it, a line or wrapped text each; empty ones are left out. */
export type Paragraph = [label: string, lines: readonly string[]];

/** A finding with all its places. In: one entry for each place, what is known of the rule, columns. */
export function explainFinding(places: readonly Judged[], help: RuleHelp | undefined, width: number): string {
  const first = places[0]!;
  const { finding } = first;
  const id = terminalText(finding.id, 20);
  const paragraphs: Paragraph[] = [
    ["What", [`${help?.name ?? terminalText(finding.message)}.`, ...(help === undefined ? [] : [help.why])]],
    ["Value", [[terminalText(finding.preview, 60), ...factsOf(first)].join(" · ")]],
    ["Where", places.flatMap((place) => whereLines(place, width))],
    ["Found by", finding.gates.map((gate, at) => `${at + 1}. ${terminalText(gate)}`)],
    ["Verdict", [stateText(first), ...first.because.map((reason) => terminalText(reason))]],
    ["Revoke", help === undefined || help.revoke === "" ? [] : revokeLines(help)],
    ["Instead", help?.keyless === undefined ? [] : [keylessText(help.keyless)]],
    ["Waive", [`leasehold waive ${id} --reason test-data --why "…" --until YYYY-MM-DD`]],
  ];
  const head = `${id}  ${terminalText(finding.rule, 80)}  ${finding.severity}, ${finding.confidence}`;
  return layout(head, paragraphs, width);
}

/** A leak rule. In: the rule, what is known of it, columns. */
export function explainRule(rule: LeakRule, help: RuleHelp | undefined, width: number): string {
  const id = `leak/${rule.id}`;
  const paragraphs: Paragraph[] = [
    ["What", [help?.why ?? ""]],
    ["Severity", [`${rule.severity}; ${tierText(rule)}`]],
    ["Found by", foundBy(rule)],
    ["Notes", rule.notes === undefined ? [] : [terminalText(rule.notes, 2_000)]],
    ["Revoke", help === undefined ? [] : revokeLines(help)],
    ["Instead", rule.keyless === undefined ? [] : [keylessText(rule.keyless)]],
    ["Docs", rule.docs === undefined ? [] : [terminalText(rule.docs)]],
    ["Policy", [`rules: { ${id}: off }`, `rules: { ${id}: { severity: low, confidence: weak } }`]],
    ["Allow", [`leasehold:allow ${id} until=YYYY-MM-DD reason="…"   in a comment on the line or the one before`]],
  ];
  return layout(`${id}  ${terminalText(help?.name ?? rule.name)}`, paragraphs, width);
}

/** Head, empty line, labelled paragraphs, wrapped to some columns. A line that begins with `│ ` or is a command stays whole. */
export function layout(head: string, paragraphs: readonly Paragraph[], width: number): string {
  const lines = [head, ""];
  for (const [label, texts] of paragraphs) {
    const wrapped = texts.filter((text) => text !== "").flatMap((text) => wrapLine(text, width - labelColumns - 1));
    for (const [at, line] of wrapped.entries())
      lines.push(`${(at === 0 ? label : "").padEnd(labelColumns)} ${line}`.trimEnd());
  }
  return `${lines.join("\n").replaceAll("##[", "#\\x23[")}\n`;
}

/** An excerpt keeps its spaces, and a line to copy stays whole. */
function wrapLine(text: string, columns: number): string[] {
  return /^(?:│|leasehold[ :])/.test(text) || columnsOf(text) <= columns ? [text] : wrapTo(text, columns);
}

function whereLines({ finding }: Judged, width: number): string[] {
  const { path, line, column } = finding.place;
  const { origin } = finding;
  const since =
    origin === undefined
      ? []
      : [
          `since ${terminalText(origin.commit.slice(0, 12), 12)} of ${terminalText(origin.date, 10)} by ${terminalText(origin.author, 80)}`,
          ...(origin.inMessage === true ? ["in the message"] : []),
          ...(origin.atHead === undefined
            ? []
            : [origin.atHead ? "still there" : "gone from the files, not from the history"]),
        ];
  const excerpt = excerptOf(finding, width - labelColumns - 4);
  return [
    [`${terminalText(path)}:${line}:${column}`, ...since].join(", "),
    ...(excerpt === undefined ? [] : [`│ ${excerpt.line}`]),
  ];
}

function factsOf({ finding }: Judged): string[] {
  return Object.entries(finding.facts).map(([name, value]) => terminalText(`${name} ${value}`, 80));
}

function stateText({ state, blocking, coveredBy }: Judged): string {
  const until = coveredBy?.until === undefined ? "" : ` until ${terminalText(coveredBy.until, 10)}`;
  const why = coveredBy?.why === undefined ? "" : ` (${terminalText(coveredBy.why)})`;
  return `${state}${until}${why}, ${blocking ? "blocking" : "not blocking"}`;
}

function revokeLines(help: RuleHelp): string[] {
  const lines = [
    terminalText(help.revoke, 1_000),
    "Deleting the line does not help: the value stays in the history. Revoke first.",
  ];
  return help.docs === undefined ? lines : [...lines, terminalText(help.docs)];
}

function keylessText(keyless: string): string {
  return `a keyless route exists (${terminalText(keyless, 80)}): let the job ask for a short-lived credential instead of storing one`;
}

function tierText(rule: LeakRule): string {
  const proof = proofOf(rule);
  const tier = tierOf(rule);
  const base = tier === "pair" ? "an identifier, reported only beside its secret" : `confidence ${tier}`;
  return proof === "" ? base : `${base}; certain where this holds: ${proof}`;
}

function foundBy(rule: LeakRule): string[] {
  if (rule.id === genericRule.id) return ["a value assigned under a name that promises a secret"];
  const names = rule.near ?? [];
  return [
    ...(rule.shape === undefined ? [] : [`shape ${terminalText(rule.shape, 400)}`]),
    ...(rule.pattern === undefined ? [] : [`pattern ${terminalText(rule.pattern, 400)}`]),
    ...(rule.format === undefined ? [] : [`parsing ${rule.format}`]),
    ...(names.length === 0 ? [] : [`one of these names near: ${terminalText(names.join(", "), 400)}`]),
  ];
}
