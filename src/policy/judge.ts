/** What a policy says of findings, on a day. The order in which anything is handed in never changes the answer. */
import {
  type Confidence,
  type Coverage,
  compareText,
  confidenceRank,
  type Finding,
  type FindingId,
  type Severity,
  severityRank,
} from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import type { Judged, Verdict } from "../verdict.ts";
import type { BaselineEntry } from "./baseline.ts";
import { type Cover, type Coverer, coverer, type Exceptions } from "./cover.ts";
import { auditExceptions } from "./exception-audit.ts";
import { ambiguousIds, compareTotally, onePerPlace, thing } from "./identity.ts";
import type { InlineAllow } from "./inline-allow.ts";
import { compileGlobs } from "./path-glob.ts";
import { modeOn, type Policy } from "./policy.ts";
import { applyRuleSetting } from "./rule-setting.ts";
import type { Waiver } from "./waiver.ts";

/** Everything that bears on a verdict beside the findings. */
export type JudgeContext = {
  policy: Policy;
  /** Waivers in force: those of the base commit. */
  waivers?: readonly Waiver[];
  /** Waivers that the commit under test adds; see `requestedWaivers`. */
  requestedWaivers?: readonly Waiver[];
  baseline?: readonly BaselineEntry[];
  inlineAllows?: readonly InlineAllow[];
  /** The day of the verdict, in UTC. */
  today: PlainDate;
  /** Least confidence that is listed; `likely` when left out. What would block is always listed. */
  minConfidence?: Confidence | undefined;
  /** Threshold of a flag or input, in place of the policy's. */
  failOn?: { severity?: Severity | undefined; confidence?: Confidence | undefined } | undefined;
  /** For a range: whether the base lacks an id. What it has does not block. Left out, everything counts. */
  isNew?: ((id: FindingId) => boolean) | undefined;
  /** Ids that the source saw for two different values; only who holds the values can tell. */
  ambiguousIds?: ReadonlySet<string>;
  /**
   * What the scan saw whole, for telling what is of no use: the `repository` with all rules (unused waivers, baseline
   * lines and inline allows are told), its `files` (inline allows only), or just `changes` (none). `changes` when left out.
   */
  scope?: "repository" | "files" | "changes";
  coverage: Coverage;
  /** Sentences to add to the notes, such as what the range weakens in the policy. */
  notes?: readonly string[];
};

/** A finding as the policy counts it, before its state is settled. */
type Counted = { finding: Finding; because: string[]; fresh: boolean };

/** Judges findings under a policy on a day. Pure; partial coverage is reported with the verdict and does not change it. */
export function judge(findings: readonly Finding[], context: JudgeContext): Verdict {
  const { policy, today } = context;
  const mode = modeOn(policy, today);
  const failOn = {
    severity: context.failOn?.severity ?? policy.failOn.severity,
    confidence: context.failOn?.confidence ?? policy.failOn.confidence,
  };
  const shown = Math.max(confidenceRank(context.minConfidence ?? "likely"), confidenceRank(failOn.confidence));
  const ignored = compileGlobs(policy.ignorePaths);
  const exceptions: Exceptions = {
    ...{ policy, today },
    waivers: context.waivers ?? [],
    requestedWaivers: context.requestedWaivers ?? [],
    baseline: context.baseline ?? [],
    inlineAllows: (context.inlineAllows ?? []).filter(({ path }) => !ignored(path)),
  };
  const covers = coverer(exceptions);
  const complete = context.coverage.gaps.length === 0;
  const sight = {
    waivers: complete && context.scope === "repository",
    inlineAllows: complete && (context.scope === "repository" || context.scope === "files"),
  };

  const places = onePerPlace(findings);
  const within = places.filter(({ place, origin }) => origin?.inMessage === true || !ignored(place.path));
  const ambiguous = ambiguousIds(within, context.ambiguousIds);
  const judged: Judged[] = [];
  const hidden = new Set<string>();
  const listed = new Set<string>();

  const settle = ({ finding: own, because, fresh }: Counted, cover: Cover | undefined) => {
    const effect = applyRuleSetting(policy, own.rule, own.severity, own.confidence);
    if (effect.off) return;
    const finding = { ...own, severity: effect.severity, confidence: effect.confidence };
    if (confidenceRank(finding.confidence) > shown) {
      hidden.add(thing(finding, ambiguous));
      return;
    }
    listed.add(thing(finding, ambiguous));
    const state = cover?.state ?? "open";
    const reasons = [...because, ...effect.because, ...(cover ? [cover.because] : [])];
    const blocking = blocks(finding, state, fresh, mode, failOn, reasons);
    judged.push({
      finding,
      state,
      blocking,
      because: reasons,
      ...(cover?.coveredBy ? { coveredBy: cover.coveredBy } : {}),
    });
  };

  for (const finding of within) {
    const twice = ambiguous.has(finding.id);
    const because = twice
      ? ["its id stands for two different things, so no waiver or baseline line by id applies"]
      : [];
    // Under an id that stands for two things, the base may know the other one.
    const fresh = twice || (context.isNew?.(finding.id) ?? true);
    settle({ finding, because, fresh }, covers.coverOf(finding, twice));
  }
  for (const { finding, fresh } of auditExceptions(exceptions, covers, sight)) {
    settle({ finding, because: [], fresh: fresh || context.isNew === undefined }, undefined);
  }

  judged.sort((a, b) => Number(b.blocking) - Number(a.blocking) || compareTotally(a.finding, b.finding));
  const counts = count(judged, ambiguous);
  return {
    mode,
    result: counts.blocking > 0 ? "fail" : counts.warnings > 0 ? "warn" : "pass",
    judged,
    counts,
    hidden: [...hidden].filter((one) => !listed.has(one)).length,
    coverage: context.coverage,
    failOn,
    notes: notes(context, places.length - within.length, ambiguous, covers, sight.waivers),
  };
}

/** Whether a finding alone makes the verdict fail; the reason why not is added to `reasons`. */
function blocks(
  finding: Finding,
  state: Judged["state"],
  fresh: boolean,
  mode: Verdict["mode"],
  failOn: Verdict["failOn"],
  reasons: string[],
): boolean {
  if (state !== "open" && state !== "waiver-requested") return false;
  if (severityRank(finding.severity) > severityRank(failOn.severity)) {
    reasons.push(`${finding.severity} is below the threshold ${failOn.severity}`);
    return false;
  }
  if (confidenceRank(finding.confidence) > confidenceRank(failOn.confidence)) {
    reasons.push(`${finding.confidence} is below the threshold ${failOn.confidence}`);
    return false;
  }
  if (!fresh) {
    reasons.push("it was there before the change under test");
    return false;
  }
  reasons.push(`at or above the threshold ${failOn.severity}/${failOn.confidence}`);
  if (mode === "enforce") return true;
  reasons.push("mode observe: it would block under enforce");
  return false;
}

/** Counts by id; an id with several places counts once, as its worst place. */
function count(judged: readonly Judged[], ambiguous: ReadonlySet<string>): Verdict["counts"] {
  const kinds = ["blocking", "warnings", "baseline", "waived"] as const;
  const worst = new Map<string, number>();
  const requested = new Set<string>();
  for (const { finding, state, blocking } of judged) {
    const key = thing(finding, ambiguous);
    const kind = blocking ? 0 : state === "baseline" ? 2 : state === "waived" || state === "false-positive" ? 3 : 1;
    worst.set(key, Math.min(kind, worst.get(key) ?? kind));
    if (state === "waiver-requested") requested.add(key);
  }
  const counts = { blocking: 0, warnings: 0, waived: 0, baseline: 0, requested: requested.size };
  for (const kind of worst.values()) counts[kinds[kind]!]++;
  return counts;
}

function notes(
  context: JudgeContext,
  left: number,
  ambiguous: ReadonlySet<string>,
  covers: Coverer,
  complete: boolean,
): string[] {
  const lines: string[] = [];
  const { policy, today } = context;
  if (policy.enforceAfter !== undefined && today <= policy.enforceAfter)
    lines.push(`The mode is observe until ${policy.enforceAfter}; after that day it is enforce.`);
  if (left > 0) lines.push(`${left} ${left === 1 ? "finding" : "findings"} left out by paths.ignore.`);
  for (const id of [...ambiguous].sort(compareText))
    lines.push(
      `${id} stands for two different things: both are reported, and no waiver or baseline line by id applies.`,
    );
  const unused = new Set((context.baseline ?? []).map(({ id }) => id).filter((id) => !covers.usedBaseline.has(id)))
    .size;
  if (unused > 0 && complete) {
    lines.push(
      `${unused} ${unused === 1 ? "id" : "ids"} of the baseline match nothing: \`leasehold baseline prune\` takes them out.`,
    );
  }
  return [...lines, ...(context.notes ?? [])];
}
