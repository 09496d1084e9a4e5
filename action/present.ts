/** What the Action leaves behind: log and annotations, job summary, files, outputs. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveState, setOutput, summary } from "@actions/core";
import { severities } from "../src/finding.ts";
import { githubReport } from "../src/report/github.ts";
import { jsonReport } from "../src/report/json.ts";
import { markdownReport } from "../src/report/markdown.ts";
import type { RuleHelpLookup, RunInfo } from "../src/report/run-info.ts";
import { sarifReport } from "../src/report/sarif.ts";
import { withoutPlaces } from "../src/report/without-places.ts";
import type { Verdict } from "../src/verdict.ts";
import type { Inputs } from "./input.ts";

/** GitHub refuses a summary over 1,024 KiB as a whole (GitHub Docs, "Workflow commands", job summaries); other steps add to none but their own. */
export const summaryBudget = 1_000_000;

/** Code scanning takes so many results of one run (GitHub Docs, "SARIF results exceed one or more limits"); the worst come first. */
const mostResults = 25_000;

/** A verdict as it may be shown, and what its reports say beside it. */
export type Shown = { verdict: Verdict; info: RunInfo; ruleHelp: RuleHelpLookup };

/** In: a verdict; `open`: whether everybody can read what is shown. */
export function shownTo(open: boolean, whole: Shown): Shown {
  if (!open) return whole;
  return { ...whole, verdict: withoutPlaces(whole.verdict), info: { ...whole.info, range: undefined } };
}

/** Annotations and the counts, on standard output. */
export function writeLog({ verdict, info, ruleHelp }: Shown): void {
  process.stdout.write(githubReport(verdict, info, ruleHelp, "the summary"));
}

/** Whether anything was found, or could not be looked for. */
export function isWorthTelling({ judged, notes, coverage }: Verdict): boolean {
  return judged.length > 0 || notes.length > 0 || coverage.gaps.length > 0;
}

/** Add a text to the job's summary; does nothing where the runner keeps none. */
export async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return;
  await summary.addRaw(markdown).write();
}

/** The job summary of a verdict, within what GitHub takes. */
export function summaryText({ verdict, info, ruleHelp }: Shown): string {
  return markdownReport(verdict, info, ruleHelp, summaryBudget);
}

/**
 * Write the whole report, and for code scanning one that leaves committed credentials out unless they are asked for: such an alert reads as fixed when
 * only the line is gone. The folder goes when the job ends.
 */
export function writeFiles({ verdict, info, ruleHelp }: Shown, sarif: Inputs["sarif"]): void {
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), "leasehold-"));
  saveState("folder", folder);
  const report = join(folder, "report.json");
  writeFileSync(report, jsonReport(verdict, info));
  setOutput("report-path", report);
  if (sarif === "off") return;
  const judged = verdict.judged.filter(({ finding }) => sarif === "on" || !finding.rule.startsWith("leak/"));
  const file = join(folder, "leasehold.sarif");
  writeFileSync(file, sarifReport({ ...verdict, judged: judged.slice(0, mostResults) }, info, ruleHelp));
  setOutput("sarif-path", file);
}

/** Outputs of a verdict. Where something was not scanned and nothing blocks, the result is `error`: it could not be told. */
export function setOutputs({ result, counts, coverage, judged }: Verdict): void {
  const open = judged.filter(({ state }) => state === "open" || state === "waiver-requested");
  const complete = coverage.gaps.length === 0;
  setOutput("result", complete || result === "fail" ? result : "error");
  setOutput("findings-count", counts.blocking + counts.warnings);
  setOutput("blocking-count", counts.blocking);
  setOutput("waived-count", counts.waived);
  setOutput("highest-severity", severities.find((one) => open.some(({ finding }) => finding.severity === one)) ?? "");
  setOutput("coverage", complete ? "complete" : "partial");
}

/** Outputs of a run that had nothing to look at. */
export function setDeletionOutputs(): void {
  setOutput("result", "pass");
  for (const name of ["findings-count", "blocking-count", "waived-count"]) setOutput(name, 0);
  setOutput("highest-severity", "");
  setOutput("coverage", "complete");
}

/** Outputs of a run that came to no verdict. */
export function setErrorOutputs(): void {
  setOutput("result", "error");
  setOutput("coverage", "partial");
}
