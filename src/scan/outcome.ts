/** What every source gives to the verdict: findings, inline allows, and what was and was not looked at. */
import type { Coverage, Finding, FindingId } from "../finding.ts";
import type { InlineAllow } from "../policy/inline-allow.ts";
import type { Found } from "./blob-scanner.ts";
import type { TaskResult } from "./task.ts";

/** The outcome of scanning one source. */
export type ScanOutcome = {
  findings: Finding[];
  allows: InlineAllow[];
  coverage: Coverage;
  /** Ids under which two different values were seen. */
  ambiguousIds: ReadonlySet<string>;
  /** For a range or the index: ids that the base has already. Undefined for sources without a base. */
  baseIds?: ReadonlySet<FindingId>;
};

/** Progress of a running scan, for a line on a terminal. */
export type Progress = {
  blobs: number;
  blobsTotal?: number | undefined;
  bytes: number;
  bytesTotal?: number | undefined;
  findings: number;
};

/** Ids whose findings have more than one hash behind them. */
export function ambiguousIdsOf(found: Iterable<Found>): Set<string> {
  const digests = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { finding, digest } of found) {
    const known = digests.get(finding.id);
    if (known === undefined) digests.set(finding.id, digest);
    else if (known !== digest) ambiguous.add(finding.id);
  }
  return ambiguous;
}

/** Coverage of nothing, to be filled. */
export function emptyCoverage(): Coverage {
  return { commits: 0, files: 0, bytes: 0, gaps: [], skipped: [] };
}

/** Take over what a task could not look at and left out; contents and bytes too. */
export function addToCoverage(coverage: Coverage, result: TaskResult): void {
  coverage.files += result.contents;
  coverage.bytes += result.bytes;
  coverage.gaps.push(...result.gaps);
  coverage.skipped.push(...result.skipped);
}
