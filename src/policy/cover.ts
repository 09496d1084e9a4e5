/** Which exception covers a finding: a waiver, an inline allow or a line of the baseline. */
import type { Finding, FindingId } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import { tiers } from "../register/limits.ts";
import type { FindingState, Judged } from "../verdict.ts";
import type { BaselineEntry } from "./baseline.ts";
import { inlineFault, waiverFault } from "./exception-finding.ts";
import { familyOf } from "./identity.ts";
import { compareInlineAllows, type InlineAllow } from "./inline-allow.ts";
import { compileGlobs } from "./path-glob.ts";
import type { Policy } from "./policy.ts";
import { compareWaivers, type Waiver } from "./waiver.ts";

/** How an exception bears on a finding. */
export type Cover = { state: FindingState; because: string; coveredBy?: NonNullable<Judged["coveredBy"]> };

/** What exceptions are there, and on which day they are looked at. */
export type Exceptions = {
  policy: Policy;
  waivers: readonly Waiver[];
  requestedWaivers: readonly Waiver[];
  baseline: readonly BaselineEntry[];
  inlineAllows: readonly InlineAllow[];
  today: PlainDate;
};

/** Covers findings and remembers which exceptions were of use. */
export type Coverer = {
  /** The exception for a finding, or undefined. `ambiguous`: its id stands for two things, so nothing that goes by id applies. */
  coverOf(finding: Finding, ambiguous: boolean): Cover | undefined;
  usedWaivers: ReadonlySet<Waiver>;
  /** Waivers that are too long for the tier of a finding they would cover, with the days the tier allows. */
  tooLongForTier: ReadonlyMap<Waiver, number>;
  usedInlineAllows: ReadonlySet<InlineAllow>;
  usedBaseline: ReadonlySet<FindingId>;
};

type Candidate = { waiver: Waiver; requested: boolean };

/** Indexes the exceptions once, for any number of findings. */
export function coverer(exceptions: Exceptions): Coverer {
  const { policy, today } = exceptions;
  const usedWaivers = new Set<Waiver>();
  const tooLongForTier = new Map<Waiver, number>();
  const usedInlineAllows = new Set<InlineAllow>();
  const usedBaseline = new Set<FindingId>();

  const byId = new Map<string, Candidate[]>();
  const byRule = new Map<string, (Candidate & { matches: (finding: Finding) => boolean })[]>();
  for (const candidate of sortedCandidates(exceptions)) {
    const { id, rule, target } = candidate.waiver;
    if (id !== undefined) push(byId, id, candidate);
    else if (rule !== undefined && target !== undefined)
      push(byRule, rule, { ...candidate, matches: targetTest(target) });
  }
  const baseline = new Map<string, Set<string>>();
  for (const { id, rule } of exceptions.baseline) {
    const families = baseline.get(id) ?? new Set<string>();
    baseline.set(id, families.add(familyOf(rule)));
  }
  const inlineByPath = new Map<string, InlineAllow[]>();
  for (const allow of [...exceptions.inlineAllows].sort(compareInlineAllows)) push(inlineByPath, allow.path, allow);

  const waiverCover = (finding: Finding, ambiguous: boolean): Cover | undefined => {
    const candidates = [
      ...(ambiguous ? [] : (byId.get(finding.id) ?? [])),
      ...(byRule.get(finding.rule) ?? []).filter(({ matches }) => matches(finding)),
    ];
    let best: Cover | undefined;
    for (const { waiver, requested } of candidates) {
      usedWaivers.add(waiver);
      const max = longestFor(finding, policy);
      const fault = waiverFault(waiver, max, today);
      if (
        fault === "over-long" &&
        max < policy.waivers.max &&
        waiverFault(waiver, policy.waivers.max, today) !== "over-long"
      ) {
        tooLongForTier.set(waiver, max);
      }
      const cover = coverByWaiver(waiver, fault, requested, max);
      if (best === undefined || standing(cover) < standing(best)) best = cover;
    }
    return best;
  };

  const inlineCover = (finding: Finding): Cover | undefined => {
    let best: Cover | undefined;
    for (const allow of inlineByPath.get(finding.place.path) ?? []) {
      if (allow.rule !== finding.rule || finding.origin?.inMessage) continue;
      if (allow.line > finding.place.endLine || allow.lastLine < finding.place.line) continue;
      usedInlineAllows.add(allow);
      const cover = coverByInline(allow, inlineFault(allow, policy.waivers.max, today));
      if (best === undefined || standing(cover) < standing(best)) best = cover;
    }
    return best;
  };

  return {
    coverOf(finding, ambiguous) {
      const listed = !ambiguous && baseline.get(finding.id)?.has(familyOf(finding.rule)) === true;
      if (listed) usedBaseline.add(finding.id);
      const covers = [
        waiverCover(finding, ambiguous),
        inlineCover(finding),
        listed
          ? ({ state: "baseline", because: "the baseline lists it", coveredBy: { kind: "baseline" } } satisfies Cover)
          : undefined,
      ].filter((cover) => cover !== undefined);
      return covers.sort((a, b) => standing(a) - standing(b))[0];
    },
    usedWaivers,
    tooLongForTier,
    usedInlineAllows,
    usedBaseline,
  };
}

/** Lower stands first: what holds, then the baseline, then what is only requested, then what does not hold. */
function standing(cover: Cover): number {
  return ["waived", "false-positive", "baseline", "waiver-requested", "open"].indexOf(cover.state);
}

/** Waivers in an order of their own, the one that runs longest first, so that the verdict does not hang on the file's order. */
function sortedCandidates({ waivers, requestedWaivers }: Exceptions): Candidate[] {
  const order = (a: Waiver, b: Waiver) => (a.until === b.until ? compareWaivers(a, b) : a.until > b.until ? -1 : 1);
  return [
    ...[...waivers].sort(order).map((waiver) => ({ waiver, requested: false })),
    ...[...requestedWaivers].sort(order).map((waiver) => ({ waiver, requested: true })),
  ];
}

function coverByWaiver(waiver: Waiver, fault: ReturnType<typeof waiverFault>, requested: boolean, max: number): Cover {
  const { until, reason, why } = waiver;
  const coveredBy = { kind: "waiver", until, reason, why, approval: "declared" } as const;
  if (fault === "expired") return { state: "open", because: `its waiver ended on ${until}` };
  if (fault === "over-long")
    return { state: "open", because: `its waiver runs until ${until}, longer than the ${max} days allowed` };
  if (requested)
    return {
      state: "waiver-requested",
      because: "its waiver is added in the change under test, so it is only requested",
      coveredBy,
    };
  if (fault !== undefined) {
    const { approval: _none, ...requestedBy } = coveredBy;
    return { state: "waiver-requested", because: "its waiver names nobody who approved it", coveredBy: requestedBy };
  }
  return {
    state: reason === "false-positive" ? "false-positive" : "waived",
    because: `waived until ${until} (${reason}), approval declared`,
    coveredBy,
  };
}

function coverByInline(allow: InlineAllow, fault: ReturnType<typeof inlineFault>): Cover {
  const coveredBy = {
    kind: "inline",
    ...(allow.until === undefined ? {} : { until: allow.until }),
    ...(allow.reason === undefined ? {} : { why: allow.reason }),
  } as const;
  switch (fault) {
    case undefined:
      if (!allow.added)
        return { state: "waived", because: `allowed in line ${allow.line} until ${allow.until}`, coveredBy };
      return {
        state: "waiver-requested",
        because: `the allow in line ${allow.line} is added in the change under test, so it is only requested`,
        coveredBy,
      };
    case "expired":
      return { state: "open", because: `the allow in line ${allow.line} ended on ${allow.until}` };
    case "without-reason":
      return { state: "open", because: `the allow in line ${allow.line} gives no reason, so it does not hold` };
    default:
      return {
        state: "open",
        because: `the allow in line ${allow.line} has no last day that the policy allows, so it does not hold`,
      };
  }
}

/** Longest waiver for a finding: the policy's, or its tier's where the finding names one in its facts. */
function longestFor(finding: Finding, policy: Policy): number {
  const tier = tiers.find((name) => name === finding.facts.tier);
  return tier === undefined ? policy.waivers.max : Math.min(policy.waivers.max, policy.register.tiers[tier].waiver);
}

/** Whether a finding stands at a waiver's target: its path, or the name in its facts (`target`) when it is about no file. */
function targetTest(target: string): (finding: Finding) => boolean {
  const glob = compileGlobs([target]);
  return ({ place, facts }) => place.path === target || facts.target === target || glob(place.path);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
