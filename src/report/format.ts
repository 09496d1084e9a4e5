/** One door to every output format. */
import type { Verdict } from "../verdict.ts";
import { csvReport } from "./csv.ts";
import type { Format } from "./format-name.ts";
import { githubReport } from "./github.ts";
import { htmlReport } from "./html.ts";
import { jsonReport } from "./json.ts";
import { jsonlReport } from "./jsonl.ts";
import { markdownReport } from "./markdown.ts";
import type { RuleHelpLookup, RunInfo } from "./run-info.ts";
import { sarifReport } from "./sarif.ts";
import { textReport } from "./text.ts";

/** How a report may look. */
export type RenderOptions = {
  ruleHelp: RuleHelpLookup;
  /** Whether text may carry colours. */
  color: boolean;
  /** Columns of a line of text. */
  width: number;
  /** Most bytes of a Markdown report. */
  budget?: number | undefined;
};

/** The whole report as text. In: format, verdict, run, looks. Out: text ended by a line feed (CR LF for CSV). */
export function render(format: Format, verdict: Verdict, info: RunInfo, options: RenderOptions): string {
  return [...renderParts(format, verdict, info, options)].join("");
}

/** The same in parts, in order: jsonl gives one line at a time, the others all at once. */
export function* renderParts(
  format: Format,
  verdict: Verdict,
  info: RunInfo,
  options: RenderOptions,
): Generator<string, void, undefined> {
  switch (format) {
    case "text":
      return yield textReport(verdict, info, options.ruleHelp, options);
    case "json":
      return yield jsonReport(verdict, info);
    case "jsonl":
      return yield* jsonlReport(verdict, info);
    case "sarif":
      return yield sarifReport(verdict, info, options.ruleHelp);
    case "github":
      return yield githubReport(verdict, info, options.ruleHelp);
    case "markdown":
      return yield markdownReport(verdict, info, options.ruleHelp, options.budget);
    case "csv":
      return yield csvReport(verdict);
    case "html":
      return yield htmlReport(verdict, info, options.ruleHelp);
  }
}
