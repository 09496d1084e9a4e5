/** The report as one HTML file: nothing is loaded, it reads without JavaScript, and filters appear with it. */
import { createHash } from "node:crypto";
import { confidences, severities } from "../finding.ts";
import type { Judged, Verdict } from "../verdict.ts";
import { htmlText } from "./encode.ts";
import { pageScript, pageStyle } from "./html-assets.ts";
import { blockFacts } from "./paste.ts";
import { counted, countsLine, type RuleHelpLookup, type RunInfo, skippedLine, summaryParts } from "./run-info.ts";

/**
 * In: verdict, run, what is known of rules. Out: a whole HTML document. Its policy (CSP) allows the one style and the one script that stand in it,
 * by hash, and nothing else.
 */
export function htmlReport(verdict: Verdict, info: RunInfo, ruleHelp: RuleHelpLookup): string {
  const csp = `default-src 'none'; style-src 'sha256-${hash(pageStyle)}'; script-src 'sha256-${hash(pageScript)}'; base-uri 'none'; form-action 'none'`;
  const title = `Leasehold: ${countsLine(verdict)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${htmlText(title)}</h1>
<p>${htmlText([...summaryParts(verdict, info), `mode ${verdict.mode}`, `judged on ${info.today}`].join(" · "))}</p>
<p><code>${htmlText(info.command)}</code> · leasehold ${htmlText(info.toolVersion)} · ${counted(info.ruleCount, "rule")}</p>
</header>
<main>
${gaps(verdict)}${notes(verdict)}${findings(verdict, ruleHelp)}</main>
<script>${pageScript}</script>
</body>
</html>
`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function gaps(verdict: Verdict): string {
  if (verdict.coverage.gaps.length === 0) return "";
  const items = verdict.coverage.gaps.map(
    (gap) => `<li><code>${htmlText(gap.subject)}</code> ${htmlText(gap.detail)} (${htmlText(gap.kind)})</li>\n`,
  );
  return `<section class="gaps"><h2>Not scanned</h2>\n<ul>\n${items.join("")}</ul></section>\n`;
}

function notes(verdict: Verdict): string {
  const lines = [...verdict.notes];
  const skipped = skippedLine(verdict);
  if (skipped !== "") lines.push(`Left out on purpose: ${skipped}`);
  if (verdict.hidden > 0) lines.push(`${counted(verdict.hidden, "weaker finding")} not shown`);
  if (lines.length === 0) return "";
  return `<section><h2>Notes</h2>\n<ul>\n${lines.map((line) => `<li>${htmlText(line)}</li>\n`).join("")}</ul></section>\n`;
}

function findings(verdict: Verdict, ruleHelp: RuleHelpLookup): string {
  if (verdict.judged.length === 0) return `<p class="empty">${htmlText(countsLine(verdict))}.</p>\n`;
  return `<section><h2>Findings</h2>\n${filters(verdict)}${verdict.judged.map((judged) => article(judged, ruleHelp)).join("")}</section>\n`;
}

/** Hidden until the script shows them, since without it they would do nothing. */
function filters(verdict: Verdict): string {
  const rules = [...new Set(verdict.judged.map(({ finding }) => finding.rule))].sort();
  const select = (name: string, values: readonly string[]): string =>
    `<label>${name} <select data-filter="${name}"><option value="">all</option>${values.map((value) => `<option>${htmlText(value)}</option>`).join("")}</select></label>\n`;
  return `<form id="filters" hidden>
<label>text <input type="search" data-filter="text"></label>
${select("severity", severities)}${select("confidence", confidences)}${select("rule", rules)}<output id="shown"></output>
</form>
`;
}

function article(judged: Judged, ruleHelp: RuleHelpLookup): string {
  const { finding, blocking, state, because } = judged;
  const help = ruleHelp(finding.rule);
  const { path, line, column } = finding.place;
  const mark = blocking ? "✖ blocking" : state === "open" ? "⚠ warning" : `· ${state}`;
  const facts = Object.entries(finding.facts)
    .filter(([name]) => !blockFacts.has(name))
    .map(([name, value]) => `<dt>${htmlText(name)}</dt><dd>${htmlText(value)}</dd>`);
  const { entry } = finding.facts;
  const block =
    entry === undefined
      ? ""
      : `<pre>${entry
          .trimEnd()
          .split("\n")
          .map((one) => htmlText(one, 400))
          .join("\n")}</pre>\n`;
  if (finding.origin !== undefined) {
    const { commit, author, date, atHead } = finding.origin;
    const head = atHead === undefined ? "" : atHead ? ", still at HEAD" : ", gone from HEAD";
    facts.push(
      `<dt>brought in</dt><dd>${htmlText(commit.slice(0, 12))} by ${htmlText(author)} on ${htmlText(date)}${head}</dd>`,
    );
  }
  const todo = [
    help?.revoke ?? "",
    `leasehold explain ${finding.id}`,
    blocking ? `exception: leasehold waive ${finding.id}` : "",
  ].filter((step) => step !== "");
  return `<article class="${blocking ? "blocking" : state === "open" ? "warning" : "covered"}" data-severity="${finding.severity}" data-confidence="${finding.confidence}" data-rule="${htmlText(finding.rule)}">
<h3><span class="mark">${htmlText(mark)}</span> ${finding.severity} <code>${htmlText(finding.rule)}</code> <code>${htmlText(finding.id)}</code></h3>
<p><code>${htmlText(line >= 1 ? `${path}:${line}:${column}` : path)}</code> · ${finding.confidence}${finding.preview === "" ? "" : ` · <code>${htmlText(finding.preview)}</code>`}</p>
<p>${htmlText(finding.message)}</p>
${block}${finding.excerpt === "" ? "" : `<pre>${htmlText(finding.excerpt, 400)}</pre>\n`}${facts.length === 0 ? "" : `<dl>${facts.join("")}</dl>\n`}<ul>
${[...because, ...todo].map((step) => `<li>${htmlText(step)}</li>\n`).join("")}</ul>
</article>
`;
}
