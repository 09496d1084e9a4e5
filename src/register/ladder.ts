/**
 * Who is told, and when it begins to block: from weeks before a day until long after it. The last day itself still holds.
 * The steps (−14, 0, +7, +14 days for the two top tiers, +30 for T2) are the project's own.
 */
import type { Severity } from "../finding.ts";
import { daysBetween, type PlainDate } from "../plain-date.ts";
import type { RegisterLimits, Tier } from "./limits.ts";
import type { Entry } from "./register.ts";

export type Step = {
  /** `far`: nothing to say yet. `soon`: within the days of warning. `due`: the last day. `over`: after it. */
  phase: "far" | "soon" | "due" | "over";
  /** Days until the day; negative after it. */
  left: number;
  severity: Severity;
  /** Who is to hear of it, in order. */
  tell: readonly ("owner" | "backup" | "security team")[];
};

/** Where a day stands on the ladder. In: the last day that holds, today in UTC, the tier, the limits. */
export function stepOf(due: PlainDate, today: PlainDate, tier: Tier, limits: Pick<RegisterLimits, "warn">): Step {
  const left = daysBetween(today, due);
  const over = -left;
  const warn = Math.max(0, ...limits.warn);
  if (left > warn) return { phase: "far", left, severity: "info", tell: [] };
  if (left > 0) return { phase: "soon", left, severity: left <= 7 ? "low" : "info", tell: left <= 14 ? ["owner"] : [] };
  if (left === 0) return { phase: "due", left, severity: "low", tell: ["owner", "backup"] };
  const failing = over >= (tier === "T0" || tier === "T1" ? 14 : tier === "T2" ? 30 : Number.POSITIVE_INFINITY);
  return {
    phase: "over",
    left,
    severity: failing ? "high" : "medium",
    tell: over >= 7 ? ["owner", "backup", "security team"] : ["owner", "backup"],
  };
}

/** The step as facts of a finding: days left, whom to tell by name where the entry names them. */
export function stepFacts(step: Step, entry: Entry | undefined): Record<string, string> {
  const names = step.tell.flatMap((role) => {
    if (role === "security team") return ["security team"];
    return role === "owner" ? (entry?.owner ?? []) : (entry?.backup ?? []);
  });
  return { daysLeft: String(step.left), ...(names.length > 0 && { tell: names.join(" ") }) };
}

/** `in 3 days`, `today`, `2 days ago`. */
export function inDays(left: number): string {
  const days = Math.abs(left);
  if (left === 0) return "today";
  return left > 0 ? `in ${days} ${days === 1 ? "day" : "days"}` : `${days} ${days === 1 ? "day" : "days"} ago`;
}
