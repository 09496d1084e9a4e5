/** Findings about exceptions themselves: waivers and inline allows that are over, too long, without an approver or of no use. */
import type { Finding, Place, RuleId, Severity } from "../finding.ts";
import { identityOf } from "../finding-id.ts";
import { addDays, type PlainDate } from "../plain-date.ts";
import { type InlineAllow, inlinePlace } from "./inline-allow.ts";
import type { Policy } from "./policy.ts";
import { type Waiver, waiverSubject } from "./waiver.ts";

/** What keeps an exception from holding. */
export type ExceptionFault = "expired" | "over-long" | "without-approver" | "without-reason";

/** What is wrong with an exception; `unused` does not keep it from holding. */
export type ExceptionRule = ExceptionFault | "unused";

const severities: Record<ExceptionRule, Severity> = {
  expired: "medium",
  "over-long": "medium",
  "without-approver": "medium",
  "without-reason": "medium",
  unused: "low",
};

/** The rules of this file, for `leasehold rules`. */
export const exceptionRules: readonly { id: RuleId; severity: Severity; name: string }[] = [
  { id: "policy/waiver-expired", severity: severities.expired, name: "A waiver whose last day is over" },
  {
    id: "policy/waiver-over-long",
    severity: severities["over-long"],
    name: "A waiver that runs longer than the policy allows",
  },
  {
    id: "policy/waiver-without-approver",
    severity: severities["without-approver"],
    name: "A waiver that nobody approved",
  },
  { id: "policy/waiver-unused", severity: severities.unused, name: "A waiver that covers nothing" },
  { id: "policy/inline-allow-expired", severity: severities.expired, name: "An inline allow whose last day is over" },
  {
    id: "policy/inline-allow-over-long",
    severity: severities["over-long"],
    name: "An inline allow without a last day, or one too far away",
  },
  {
    id: "policy/inline-allow-without-reason",
    severity: severities["without-reason"],
    name: "An inline allow without a reason",
  },
  { id: "policy/inline-allow-unused", severity: severities.unused, name: "An inline allow that covers nothing" },
];

/** What keeps a waiver from holding on a day, or undefined. `max` is the longest time it may still run, in days. */
export function waiverFault(waiver: Waiver, max: number, today: PlainDate): ExceptionFault | undefined {
  if (waiver.until < today) return "expired";
  if (waiver.until > addDays(today, max)) return "over-long";
  if (waiver.approvedBy === undefined) return "without-approver";
  return undefined;
}

/** What keeps an inline allow from holding on a day, or undefined. One without a last day would hold for ever: it is over-long. */
export function inlineFault(allow: InlineAllow, max: number, today: PlainDate): ExceptionFault | undefined {
  if (allow.until !== undefined && allow.until < today) return "expired";
  if (allow.reason === undefined) return "without-reason";
  if (allow.until === undefined || allow.until > addDays(today, max)) return "over-long";
  return undefined;
}

/** The finding for a waiver. `max` in days, `today` for the day it may run to. */
export function waiverFinding(
  waiver: Waiver,
  rule: ExceptionRule,
  max: number,
  today: PlainDate,
  policy: Policy,
): Finding {
  const subject = waiverSubject(waiver);
  const latest = addDays(today, max);
  const messages: Record<ExceptionRule, string> = {
    expired: `The waiver for ${subject} ended on ${waiver.until}: fix the finding, or renew the waiver with an approver.`,
    "over-long": `The waiver for ${subject} runs until ${waiver.until}; the policy allows ${max} days, today until ${latest}. It does not hold.`,
    "without-approver": `The waiver for ${subject} names nobody under approved-by, so it is only requested.`,
    "without-reason": `The waiver for ${subject} gives no reason.`,
    unused: `The waiver for ${subject} covers nothing: take it out.`,
  };
  const place = waiver.place ?? emptyPlace(".github/leasehold-waivers.yml");
  return finding(
    `policy/waiver-${rule}`,
    rule,
    ["waiver", subject, waiver.until],
    place,
    messages[rule],
    subject,
    policy,
  );
}

/** The finding for an inline allow; `ordinal` counts the allows of the same rule in its file, so that the id outlives a move. */
export function inlineFinding(
  allow: InlineAllow,
  rule: ExceptionRule,
  ordinal: number,
  max: number,
  today: PlainDate,
  policy: Policy,
): Finding {
  const named = allow.rule === "" ? "The leasehold:allow names no rule and" : `The leasehold:allow for ${allow.rule}`;
  const latest = addDays(today, max);
  const messages: Record<ExceptionRule, string> = {
    expired: `${named} ended on ${allow.until}: fix the finding, or renew it.`,
    "over-long":
      allow.until === undefined
        ? `${named} has no last day: write until=${latest} or earlier. It does not hold.`
        : `${named} runs until ${allow.until}; the policy allows ${max} days, today until ${latest}. It does not hold.`,
    "without-approver": `${named} has no approver.`,
    "without-reason": `${named} has no reason: write reason="…". It does not hold.`,
    unused: `${named} covers nothing: take it out.`,
  };
  const parts = ["inline", allow.path, allow.rule, String(ordinal)];
  return finding(
    `policy/inline-allow-${rule}`,
    rule,
    parts,
    inlinePlace(allow),
    messages[rule],
    `leasehold:allow ${allow.rule}`.trim(),
    policy,
  );
}

function finding(
  id: RuleId,
  rule: ExceptionRule,
  parts: string[],
  place: Place,
  message: string,
  preview: string,
  policy: Policy,
): Finding {
  return {
    rule: id,
    id: identityOf(policy.salt, [id, ...parts]).id,
    place,
    severity: severities[rule],
    confidence: "certain",
    message,
    preview,
    excerpt: "",
    facts: {},
    gates: [],
    fixes: [],
  };
}

function emptyPlace(path: string): Place {
  return { path, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
