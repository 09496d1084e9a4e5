/** The report on the register as Markdown and as one HTML file. */
import { createHash } from "node:crypto";
import { barChartSvg, chartStyle } from "./chart.ts";
import { htmlText, markdownText } from "./encode.ts";
import { pageStyle } from "./html-assets.ts";
import { groundsOf, type RegisterReport, type ReportSection, registerSections } from "./register-sections.ts";

const title = "Leasehold: credentials of CI";

/** In: the counts. Out: Markdown with a table a section. GitHub draws no SVG that stands in Markdown, so it has none. */
export function registerMarkdown(report: RegisterReport): string {
  const parts = registerSections(report).map((section) => {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    const table =
      section.rows.length === 0
        ? []
        : [
            line(section.head.map((cell) => markdownText(cell))),
            line(section.head.map((_, at) => (isText(section, at) ? "---" : "--:"))),
            ...section.rows.map((row) => line(row.map((cell) => markdownText(cell)))),
            "",
          ];
    return [`## ${markdownText(section.title)}`, "", markdownText(section.note, 1_000), "", ...table].join("\n");
  });
  const grounds = groundsOf(report).map((sentence) => markdownText(sentence));
  return `# ${title}\n\n${grounds.join(" ")}\n\n${parts.join("\n")}`;
}

const ownStyle = `${pageStyle}${chartStyle}
table{display:block;max-width:100%;overflow-x:auto;border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{border-bottom:1px solid var(--line);padding:.2rem .9rem .2rem 0;text-align:right}
th.t,td.t{text-align:left;overflow-wrap:break-word}caption{text-align:left;color:var(--grey)}
`;

/** In: the counts. Out: a whole HTML document without a script; its policy (CSP) allows the one style that stands in it. */
export function registerHtml(report: RegisterReport): string {
  const style = createHash("sha256").update(ownStyle).digest("base64");
  const csp = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${ownStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${groundsOf(report)
    .map((sentence) => htmlText(sentence))
    .join(" ")}</p>
</header>
<main>
${registerSections(report).map(htmlSection).join("")}</main>
</body>
</html>
`;
}

/** Whether a column holds words: they begin on the left, numbers end on the right. */
function isText({ rows }: ReportSection, column: number): boolean {
  return column === 0 || rows.some((row) => !/^(?:[0-9]+(?: %)?|-)?$/.test(row[column] ?? ""));
}

function htmlSection(section: ReportSection): string {
  const { title: heading, note, head, rows, chart } = section;
  const side = head.map((_, at) => (isText(section, at) ? ' class="t"' : ""));
  const cells = (row: readonly string[], tag: "th" | "td") =>
    `<tr>${row.map((cell, at) => (at === 0 && tag === "td" ? `<th scope="row"${side[at]}>${htmlText(cell)}</th>` : `<${tag}${tag === "th" ? ' scope="col"' : ""}${side[at]}>${htmlText(cell)}</${tag}>`)).join("")}</tr>\n`;
  const table =
    rows.length === 0
      ? ""
      : `<table>\n<thead>${cells(head, "th")}</thead>\n<tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody>\n</table>\n`;
  const figure = chart === undefined ? "" : `<figure>${barChartSvg(chart, heading)}</figure>\n`;
  return `<section><h2>${htmlText(heading)}</h2>\n<p>${htmlText(note, 1_000)}</p>\n${figure}${table}</section>\n`;
}
