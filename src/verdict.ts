/** What `judge()` says of a scan: every finding with its state, and whether the whole passes. */
import type { Coverage, Finding } from "./finding.ts";

/** Life of a finding; the CLI and the Action know the first six, the App all. */
export const findingStates = [
  "open",
  "baseline", // was there before, listed in the baseline: reported, not blocking
  "waiver-requested", // a waiver or inline allow added in the range under test
  "waived",
  "false-positive", // waived with that reason
  "resolved",
  "fix-open",
  "removed-not-revoked",
  "revoked",
] as const;

export type FindingState = (typeof findingStates)[number];

/** A finding with what policy says of it. */
export type Judged = {
  finding: Finding;
  state: FindingState;
  /** True when this finding alone makes the verdict fail. */
  blocking: boolean;
  /** Why it has this state and whether it blocks, one short sentence each, for `explain`. */
  because: string[];
  /** The waiver, baseline line or inline allow that covers it. */
  coveredBy?: {
    kind: "waiver" | "baseline" | "inline";
    until?: string;
    reason?: string;
    why?: string;
    approval?: "declared" | "verified";
  };
};

/** The answer of one scan under one policy on one day. */
export type Verdict = {
  mode: "observe" | "enforce";
  result: "pass" | "warn" | "fail";
  /** Sorted by (blocking first, severity, confidence, place). Findings under the confidence shown are not in it; `hidden` counts them. */
  judged: Judged[];
  /**
   * Ids, each counted once as its worst place, in one of blocking, warnings, waived and baseline. `requested` is beside
   * them: ids with a requested exception, which block or warn all the same.
   */
  counts: { blocking: number; warnings: number; waived: number; baseline: number; requested: number };
  /** Findings below `--min-confidence`, counted by id and not listed. */
  hidden: number;
  coverage: Coverage;
  /** The threshold that was applied, for the report's last line. */
  failOn: { severity: Finding["severity"]; confidence: Finding["confidence"] };
  /** Things about the policy itself worth a line: an unused waiver, a policy weakened in this range. */
  notes: string[];
};
