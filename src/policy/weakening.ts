/** What a change of the policy loosens, in sentences, for the pull request that makes it. */
import { compareText, confidenceRank, type Severity, severityRank } from "../finding.ts";
import { tiers } from "../register/limits.ts";
import { type Policy, showSetting } from "./policy.ts";
import type { RuleSetting } from "./policy-file.ts";
import { settingOf } from "./rule-setting.ts";

/**
 * What `after` allows that `before` did not; empty when nothing is loosened. Both are policies in force.
 * `severityOf` gives a rule's own severity; without it a rule that is set to less than critical for the first time is
 * named as possibly lowered.
 */
export function weakenings(
  before: Policy,
  after: Policy,
  severityOf: (rule: string) => Severity | undefined = () => undefined,
): string[] {
  return [
    ...modeWeakenings(before, after),
    ...ruleWeakenings(before, after, severityOf),
    ...added(before.ignorePaths, after.ignorePaths).map((pattern) => `paths.ignore also leaves out ${pattern}`),
    ...limitWeakenings(before, after),
    ...detectorWeakenings(before, after),
  ];
}

function modeWeakenings(before: Policy, after: Policy): string[] {
  const found: string[] = [];
  if (before.mode === "enforce" && after.mode === "observe")
    found.push("mode goes from enforce to observe: nothing fails any more");
  if (before.mode === "observe" && after.mode === "observe" && later(before.enforceAfter, after.enforceAfter)) {
    found.push(
      `enforcing begins later: after ${before.enforceAfter} before, ${after.enforceAfter ? `after ${after.enforceAfter}` : "never"} now`,
    );
  }
  if (severityRank(after.failOn.severity) < severityRank(before.failOn.severity)) {
    found.push(
      `fail-on.severity goes from ${before.failOn.severity} to ${after.failOn.severity}: fewer findings block`,
    );
  }
  if (confidenceRank(after.failOn.confidence) < confidenceRank(before.failOn.confidence)) {
    found.push(
      `fail-on.confidence goes from ${before.failOn.confidence} to ${after.failOn.confidence}: fewer findings block`,
    );
  }
  return found;
}

function ruleWeakenings(before: Policy, after: Policy, severityOf: (rule: string) => Severity | undefined): string[] {
  const found: string[] = [];
  for (const [key, where] of [
    ["rules", "rule"],
    ["ruleFloor", "floor of rule"],
  ] as const) {
    const names = new Set([...Object.keys(before[key]), ...Object.keys(after[key])]);
    for (const rule of [...names].sort(compareText)) {
      const was = settingOf(before[key], rule);
      const is = settingOf(after[key], rule);
      if (key === "ruleFloor" ? floorLoosened(was, is) : loosened(was, is, severityOf(rule))) {
        found.push(
          `${where} ${rule} goes from ${was === undefined ? "its own values" : showSetting(was)} to ${is === undefined ? "its own values" : showSetting(is)}`,
        );
      }
    }
  }
  return found;
}

/** Whether a rule's findings count for less than before. */
function loosened(was: RuleSetting | undefined, is: RuleSetting | undefined, own: Severity | undefined): boolean {
  if (is === "off") return was !== "off";
  if (was === "off") return false;
  const severityWas = part(was, "severity") ?? own;
  const severityIs = part(is, "severity") ?? own;
  const confidenceWas = part(was, "confidence");
  const confidenceIs = part(is, "confidence");
  // Where a rule's own value is not known here, what may be lower counts as lower.
  const severityFell =
    severityWas !== undefined && severityIs !== undefined
      ? severityRank(severityIs) > severityRank(severityWas)
      : severityIs !== severityWas && severityIs !== "critical" && severityWas !== "info";
  const confidenceFell =
    confidenceWas !== undefined && confidenceIs !== undefined
      ? confidenceRank(confidenceIs) > confidenceRank(confidenceWas)
      : confidenceIs !== confidenceWas && confidenceIs !== "certain" && confidenceWas !== "weak";
  return severityFell || confidenceFell;
}

/** A floor that goes, or that stands lower than before. */
function floorLoosened(was: RuleSetting | undefined, is: RuleSetting | undefined): boolean {
  if (was === undefined) return is === "off";
  if (was === "off") return false;
  return is === undefined || loosened(was, is, undefined);
}

function part<K extends "severity" | "confidence">(setting: RuleSetting | undefined, key: K) {
  return typeof setting === "object" ? setting[key] : undefined;
}

function limitWeakenings(before: Policy, after: Policy): string[] {
  const found: string[] = [];
  const longer = (name: string, was: number, is: number) => {
    if (is > was) found.push(`${name} goes from ${was}d to ${is}d`);
  };
  longer("waivers.max", before.waivers.max, after.waivers.max);
  for (const tier of tiers) {
    const was = before.register.tiers[tier];
    const is = after.register.tiers[tier];
    longer(`register.tiers.${tier}.max-age`, was.maxAge, is.maxAge);
    longer(`register.tiers.${tier}.review`, was.review, is.review);
    longer(`register.tiers.${tier}.waiver`, was.waiver, is.waiver);
  }
  for (const field of added(after.register.require, before.register.require))
    found.push(`register.require no longer asks for ${field}`);
  for (const days of added(after.register.warn, before.register.warn))
    found.push(`register.warn no longer warns ${days}d before the end`);
  for (const provider of added(after.keyless.require, before.keyless.require))
    found.push(`keyless.require no longer names ${provider}`);
  if (later(before.keyless.exitBy, after.keyless.exitBy)) {
    found.push(`keyless.exit-by moves from ${before.keyless.exitBy} to ${after.keyless.exitBy ?? "no date"}`);
  }
  return found;
}

function detectorWeakenings(before: Policy, after: Policy): string[] {
  const now = new Map(after.detectors.map((detector) => [detector.id, detector]));
  return before.detectors.flatMap((was) => {
    const is = now.get(was.id);
    if (is === undefined) return [`the detector ${was.id} is removed`];
    const found: string[] = [];
    if (severityRank(is.severity) > severityRank(was.severity))
      found.push(`the detector ${was.id} goes from ${was.severity} to ${is.severity}`);
    if (
      was.confidence !== is.confidence &&
      confidenceRank(is.confidence ?? "likely") > confidenceRank(was.confidence ?? "likely")
    ) {
      found.push(`the detector ${was.id} goes from ${was.confidence ?? "likely"} to ${is.confidence}`);
    }
    const form = (rule: typeof was) =>
      JSON.stringify([rule.shape, rule.pattern, rule.keyword, rule.near, rule.proof, rule.part, rule.pair]);
    if (form(was) !== form(is)) found.push(`the detector ${was.id} looks for something else than before`);
    return found;
  });
}

/** What the second list has and the first has not. */
function added<T>(before: readonly T[], after: readonly T[]): T[] {
  return after.filter((item) => !before.includes(item));
}

/** Whether a day moved away or went. */
function later(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && (after === undefined || after > before);
}
