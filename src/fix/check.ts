/** Proof of a fix: the edited file is read and scanned again, and only what was to go may be gone. */
import type { Finding } from "../finding.ts";
import { refuse } from "./refusal.ts";
import { offsetAfter, type Splice, splice } from "./splice.ts";

export type Check = {
  path: string;
  bytes: Uint8Array;
  /** Findings of the original. */
  before: readonly Finding[];
  /** Those that the edits are to end. */
  targets: ReadonlySet<Finding>;
  /** Whether the edits name secrets that were read before without a name there; their findings are then not new. */
  shows: boolean;
  scan: (path: string, bytes: Uint8Array) => { findings: Finding[] };
};

/** Throws Refused when the edited file still has a target, or has a finding that the original does not. */
export function checkResult(check: Check, edits: readonly Splice[]): void {
  const { findings } = check.scan(check.path, splice(check.bytes, edits));
  const kept = survivors(check.before, findings, edits);
  for (const target of check.targets) {
    if (kept.has(keyOf(target))) refuse(`after the change the finding is still there: ${target.message}`);
  }
  const old = new Set(kept.values());
  const shown = (one: Finding): boolean =>
    check.shows && (one.rule.startsWith("keyless/") || one.rule === "workflow/stored-credential");
  const added = findings.find((one) => !old.has(one) && !shown(one));
  if (added !== undefined) refuse(`the change would bring a new finding: ${added.message}`);
}

/** What tells a finding of one scan from the others. */
export function keyOf(finding: Finding): string {
  return `${finding.rule} ${finding.id} ${finding.place.start}`;
}

/**
 * Which findings of the original the edited file still has, by their key.
 * A finding is the same when it stands on the same bytes, moved along; else when it has the same id, which names job, step and secret (a
 * finding about a whole file may move to another job). Of two that would share an id the second has a number that moves up when the first is
 * gone, so places come first.
 */
export function survivors(
  before: readonly Finding[],
  after: readonly Finding[],
  edits: readonly Splice[],
): Map<string, Finding> {
  const kept = new Map<string, Finding>();
  const open = new Set(after);
  const pair = (fits: (old: Finding, now: Finding) => boolean): void => {
    for (const old of before) {
      if (kept.has(keyOf(old))) continue;
      for (const now of open) {
        if (now.rule !== old.rule || !fits(old, now)) continue;
        kept.set(keyOf(old), now);
        open.delete(now);
        break;
      }
    }
  };
  const moved = new Map(before.map((old) => [old, offsetAfter(edits, old.place.start)]));
  pair((old, now) => now.place.start === moved.get(old) && now.id === old.id);
  pair((old, now) => now.place.start === moved.get(old));
  pair((old, now) => now.id === old.id);
  return kept;
}
