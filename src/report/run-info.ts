/** What a report says beside the verdict; handed in, since nothing in this folder may look at a clock or an environment. */
import type { Verdict } from "../verdict.ts";

/** The run that gave the verdict. */
export type RunInfo = {
  /** The command line as typed, `leasehold scan origin/main..HEAD` (untrusted text). */
  command: string;
  /** The range that was scanned, or undefined when a tree was (untrusted text). */
  range: string | undefined;
  commits: number;
  files: number;
  seconds: number;
  toolVersion: string;
  /** The day on which waivers were judged, `YYYY-MM-DD`. */
  today: string;
  /** Number of rules that were looked for. */
  ruleCount: number;
};

/** The same where a report does not say how long it took. */
export type TimelessInfo = Omit<RunInfo, "seconds"> & { seconds?: number };

/** What a report can say of a rule; plain text, and untrusted where the rule is a user's own. */
export type RuleHelp = {
  name: string;
  /** Why it matters, one sentence. */
  why: string;
  /** How to end the credential or mend the matter, one sentence. */
  revoke: string;
  docs?: string | undefined;
  /** Id of the keyless catalogue entry that replaces the credential. */
  keyless?: string | undefined;
};

/** Gives what is known of a rule id. */
export type RuleHelpLookup = (rule: string) => RuleHelp | undefined;

/** `1 warning`, `2 warnings`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** `1,234`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `2 blocking, 1 warning, 1 waived`, or the sentence for a run without findings, which never sounds clean when something was not scanned. */
export function countsLine(verdict: Verdict): string {
  const { blocking, warnings, waived, baseline, requested } = verdict.counts;
  const parts = [
    blocking > 0 || warnings > 0 ? `${blocking} blocking` : "",
    warnings > 0 ? counted(warnings, "warning") : "",
    waived > 0 ? `${waived} waived` : "",
    requested > 0 ? `${counted(requested, "waiver")} requested` : "",
    baseline > 0 ? `${baseline} in the baseline` : "",
  ].filter((part) => part !== "");
  if (parts.length > 0) return parts.join(", ");
  if (verdict.hidden > 0) return "nothing found above the confidence asked for";
  return verdict.coverage.gaps.length > 0 ? "nothing found in what could be scanned" : "nothing found";
}

/** `14 commits, 61 files`. */
export function scopeLine(info: TimelessInfo): string {
  return info.commits > 0
    ? `${counted(info.commits, "commit")}, ${counted(info.files, "file")}`
    : counted(info.files, "file");
}

/** `0.8 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** What every report ends or begins with: counts, scope, time, coverage. A clean run says in what nothing was found. */
export function summaryParts(verdict: Verdict, info: TimelessInfo): string[] {
  const nothing = verdict.judged.length === 0 && verdict.hidden === 0 && verdict.coverage.gaps.length === 0;
  const counts = nothing ? [`${countsLine(verdict)} in ${scopeLine(info)}`] : [countsLine(verdict), scopeLine(info)];
  const time = info.seconds === undefined ? [] : [duration(info.seconds)];
  return [...counts, ...time, coverageLine(verdict)];
}

/** `coverage complete` or `coverage partial: 2 gaps`. */
export function coverageLine(verdict: Verdict): string {
  const gaps = verdict.coverage.gaps.length;
  return gaps === 0 ? "coverage complete" : `coverage partial: ${counted(gaps, "gap")}`;
}

/** How many of each kind of what was left out are named. */
const mostNamed = 2;

/** `2 submodules, 3 archives: a, b, c.zip, d.jar and 1 more` for what was left out on purpose; empty when nothing was. Holds untrusted text. */
export function skippedLine(verdict: Verdict): string {
  const nouns = {
    submodule: "submodule",
    "lfs-pointer": "LFS pointer",
    symlink: "symbolic link",
    archive: "archive",
    document: "compressed document",
  } as const;
  const { skipped } = verdict.coverage;
  if (skipped.length === 0) return "";
  const kinds = [...Map.groupBy(skipped, ({ kind }) => kind)];
  const named = kinds.flatMap(([, list]) => list.slice(0, mostNamed).map(({ subject }) => subject));
  const more = skipped.length > named.length ? ` and ${skipped.length - named.length} more` : "";
  return `${kinds.map(([kind, list]) => counted(list.length, nouns[kind])).join(", ")}: ${named.join(", ")}${more}`;
}
