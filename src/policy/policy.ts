/** The policy in force, and the mode it gives on a day. How it comes about from the files is in policy-merge.ts. */
import type { Confidence, Severity } from "../finding.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { PlainDate } from "../plain-date.ts";
import type { RequirableField, Tier, TierLimit } from "../register/limits.ts";
import type { RuleSetting } from "./policy-file.ts";

/** The policy in force. Lengths are whole days. */
export type Policy = {
  mode: "observe" | "enforce";
  /** With `observe`: its last day; from the day after, the mode is enforce. */
  enforceAfter?: PlainDate;
  failOn: { severity: Severity; confidence: Confidence };
  ignorePaths: readonly string[];
  /** What is set per rule id or `family/*`; an organisation's floor is apart, because it is applied to the rule's own severity. */
  rules: Readonly<Record<string, RuleSetting>>;
  ruleFloor: Readonly<Record<string, RuleSetting>>;
  keyless: { require: readonly string[]; exitBy?: PlainDate };
  register: { require: readonly RequirableField[]; warn: readonly number[]; tiers: Record<Tier, TierLimit> };
  waivers: { max: number };
  detectors: readonly LeakRule[];
  issues: { repo: string; publicLeaks: "private-feed"; maxNewPerDay: number };
  salt: string;
};

/** The mode of a policy on a day: `observe` ends with the day of `enforce-after`. */
export function modeOn(policy: Policy, today: PlainDate): "observe" | "enforce" {
  return policy.enforceAfter !== undefined && today > policy.enforceAfter ? "enforce" : policy.mode;
}

/** A rule's setting as one would write it. */
export function showSetting(setting: RuleSetting): string {
  if (typeof setting === "string") return setting;
  const parts = [
    setting.severity && `severity: ${setting.severity}`,
    setting.confidence && `confidence: ${setting.confidence}`,
  ];
  return `{ ${parts.filter(Boolean).join(", ")} }`;
}
