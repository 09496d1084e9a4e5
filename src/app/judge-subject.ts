/** Judges one subject of a check, by the functions that the CLI and the Action use. */
import { LeaseholdError } from "../error.ts";
import type { RuleHelpLookup, TimelessInfo } from "../report/run-info.ts";
import { withoutPlaces } from "../report/without-places.ts";
import { errorLines } from "../scan/error-lines.ts";
import { runScan, type ScanRun } from "../scan/run.ts";
import { runInfo } from "../scan/run-info.ts";
import type { CheckConclusion } from "../store/schema.ts";
import type { Verdict } from "../verdict.ts";
import type { AppAccess } from "./access.ts";
import { type Content, type Place, type Subject, withContent } from "./content.ts";
import { type OrganisationFloor, trustedPolicy } from "./trusted-policy.ts";

/** What was judged of a subject. */
export type Judgement =
  | {
      kind: "judged";
      verdict: Verdict;
      info: TimelessInfo;
      ruleHelp: RuleHelpLookup;
      /** Whether the repository or its organisation has a policy. */
      governed: boolean;
    }
  /** A policy, waiver or baseline file of the change itself cannot be read; how, in lines that are safe to show. */
  | { kind: "invalid"; lines: string[] }
  | { kind: "empty" }
  | { kind: "gone" };

/** In: where; what is judged; the organisation's floor. Throws as `withContent`, and LeaseholdError("git") for a repository that cannot be read. */
export async function judgeSubject(
  access: AppAccess,
  place: Place,
  subject: Subject,
  floor: OrganisationFloor,
): Promise<Judgement> {
  const judged = await withContent(access, place, subject, (content) => judgeContent(access, place, content, floor));
  return typeof judged === "string" ? { kind: judged } : judged;
}

async function judgeContent(
  { now }: AppAccess,
  { repository }: Place,
  content: Content,
  floor: OrganisationFloor,
): Promise<Judgement> {
  const { scope, folder } = content;
  const today = now().toISOString().slice(0, 10);
  const trusted = await trustedPolicy(content, floor.policy);
  let run: ScanRun;
  try {
    run = await runScan({
      ...{ cwd: folder, git: true, config: trusted.commit !== "nowhere", today, organisation: floor.policy },
      source:
        scope.range === undefined ? { kind: "history", since: undefined } : { kind: "words", words: [scope.range] },
      steering: trusted.commit === "nowhere" ? undefined : { commit: trusted.commit },
    });
  } catch (error) {
    // Those of the target branch were read already.
    if (!(error instanceof LeaseholdError) || error.code !== "config") throw error;
    return { kind: "invalid", lines: await errorLines(error) };
  }
  const notes = [...floor.notes, ...trusted.notes].map(run.mask);
  const verdict = { ...run.verdict, notes: [...notes, ...run.verdict.notes] };
  const command = `leasehold scan ${scope.range ?? "--history"}`;
  const { seconds: _, ...info } = runInfo(run, { command, milliseconds: 0, today });
  const open = scope.range === undefined && repository.visibility === "public";
  return {
    ...{ kind: "judged", verdict: open ? withoutPlaces(verdict) : verdict, info, ruleHelp: run.ruleHelp },
    governed: run.files.policy !== undefined || floor.policy !== undefined || trusted.notes.length > 0,
  };
}

/**
 * How a check ends. Blocking findings and what was not scanned fail it where the policy enforces; without any policy the built-in one is shown and
 * fails nothing; a change that makes its own policy unreadable fails.
 */
export function conclusionOf(judgement: Judgement): CheckConclusion {
  switch (judgement.kind) {
    case "invalid":
      return "failure";
    case "empty":
      return "success";
    case "gone":
      return "neutral";
    case "judged": {
      const { verdict, governed } = judgement;
      if (!governed) return "neutral";
      const partial = verdict.coverage.gaps.length > 0;
      if (verdict.mode === "observe")
        return partial || verdict.counts.blocking + verdict.counts.warnings > 0 ? "neutral" : "success";
      if (verdict.result === "fail" || partial) return "failure";
      return verdict.result === "warn" ? "neutral" : "success";
    }
  }
}
