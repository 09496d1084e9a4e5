/** The report as JSON lines: one finding a line, and a last line with the summary. */
import type { Verdict } from "../verdict.ts";
import { jsonText } from "./encode.ts";
import { findingDocument, reportVersion, summaryDocument } from "./json.ts";
import type { RunInfo } from "./run-info.ts";

/**
 * In: verdict and run. Out: lines, each a JSON object ended by a line feed; `type` is `finding` or, on the last, `summary`.
 * A report without the summary line was cut short and is not a result.
 */
export function* jsonlReport(verdict: Verdict, info: RunInfo): Generator<string, void, undefined> {
  for (const judged of verdict.judged) {
    yield `${jsonText({ version: reportVersion, type: "finding", ...findingDocument(judged) })}\n`;
  }
  yield `${jsonText({ version: reportVersion, type: "summary", ...summaryDocument(verdict, info) })}\n`;
}
