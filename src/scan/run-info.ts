/** What the reports of a scan say beside its verdict; the CLI's `scan` and the Action say the same. */
import type { PlainDate } from "../plain-date.ts";
import type { RunInfo } from "../report/run-info.ts";
import type { ScanRun } from "./run.ts";
import { version } from "./version.ts";

/** The day of a verdict: today in UTC. */
export function today(): PlainDate {
  return new Date().toISOString().slice(0, 10);
}

/** In: what a scan gave; the command as typed, in which secrets are masked; milliseconds that it took; its day. */
export function runInfo(run: ScanRun, about: { command: string; milliseconds: number; today: PlainDate }): RunInfo {
  const { coverage } = run.verdict;
  return {
    command: run.mask(about.command),
    range: run.range,
    commits: coverage.commits,
    files: coverage.files,
    seconds: Math.round(about.milliseconds) / 1000,
    toolVersion: version,
    today: about.today,
    ruleCount: run.ruleCount,
  };
}
