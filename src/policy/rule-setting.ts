/** What a policy makes of a rule's findings: left out, or another severity or confidence. */
import { type Confidence, confidenceRank, type Severity, severityRank } from "../finding.ts";
import type { Policy } from "./policy.ts";
import type { RuleSetting } from "./policy-file.ts";

/** How a finding counts. */
export type RuleEffect = { off: boolean; severity: Severity; confidence: Confidence; because: string[] };

/**
 * How a finding of a rule counts under a policy.
 * In: the policy, the rule's id, the finding's own severity and confidence. The id's own setting goes before `family/*`;
 * an organisation's floor is applied last, and lifts what is below it.
 */
export function applyRuleSetting(policy: Policy, rule: string, severity: Severity, confidence: Confidence): RuleEffect {
  const asked = settingOf(policy.rules, rule);
  const floor = settingOf(policy.ruleFloor, rule);
  if (asked === "off" && (floor === undefined || floor === "off"))
    return { off: true, severity, confidence, because: ["the policy switches the rule off"] };
  if (asked === undefined && floor === "off")
    return { off: true, severity, confidence, because: ["the organisation switches the rule off"] };

  const because: string[] = [];
  if (asked === "off") because.push("the policy switches the rule off, but the organisation does not allow that");
  let counts = effect(asked, severity, confidence);
  if (counts.severity !== severity) because.push(`severity ${counts.severity} by the policy, ${severity} by the rule`);
  if (counts.confidence !== confidence)
    because.push(`confidence ${counts.confidence} by the policy, ${confidence} by the rule`);
  if (floor !== undefined && floor !== "off") {
    const least = effect(floor, severity, confidence);
    const lifted = {
      severity: severityRank(least.severity) < severityRank(counts.severity) ? least.severity : counts.severity,
      confidence:
        confidenceRank(least.confidence) < confidenceRank(counts.confidence) ? least.confidence : counts.confidence,
    };
    if (lifted.severity !== counts.severity)
      because.push(`severity ${lifted.severity}, because the organisation sets a floor`);
    if (lifted.confidence !== counts.confidence)
      because.push(`confidence ${lifted.confidence}, because the organisation sets a floor`);
    counts = lifted;
  }
  return { off: false, ...counts, because };
}

/** The setting that applies to a rule: its own, else its family's. */
export function settingOf(rules: Readonly<Record<string, RuleSetting>>, rule: string): RuleSetting | undefined {
  return rules[rule] ?? rules[`${rule.slice(0, rule.indexOf("/"))}/*`];
}

function effect(
  setting: RuleSetting | undefined,
  severity: Severity,
  confidence: Confidence,
): { severity: Severity; confidence: Confidence } {
  if (setting === undefined || typeof setting === "string") return { severity, confidence };
  return { severity: setting.severity ?? severity, confidence: setting.confidence ?? confidence };
}
