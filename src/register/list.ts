/** The register as rows: state, tier, owner, days left, uses. */
import { compareText } from "../finding.ts";
import { daysBetween } from "../plain-date.ts";
import type { AuditContext } from "./draft.ts";
import { expiryOf, rotationDue } from "./expiry.ts";
import type { Tier } from "./limits.ts";
import { tiers } from "./limits.ts";
import type { Subject } from "./subject.ts";

/**
 * Life of a credential. `declared`: an entry, and nothing wrong. `verified`: its issuer confirms the end. `due`: its end is within
 * the days of warning. `overdue`: rotation or review is late. `orphaned`: nobody is there to answer for it.
 */
export type EntryState =
  | "undeclared"
  | "not a secret"
  | "missing"
  | "expired"
  | "orphaned"
  | "overdue"
  | "due"
  | "verified"
  | "declared";

export type Row = {
  target: string;
  state: EntryState;
  tier: Tier;
  owner: string | undefined;
  /** Days until its end; negative after it. Undefined when nobody says. */
  daysLeft: number | undefined;
  /** What the end rests on. */
  standing: "declared" | "verified" | "unknown";
  uses: number;
};

/** Rows of every credential, the most dangerous tier first, then the one that ends first. In: the context of an audit. */
export function registerRows(context: AuditContext): Row[] {
  return context.subjects.all.map((subject) => rowOf(context, subject)).sort(compareRows);
}

function rowOf(context: AuditContext, subject: Subject): Row {
  const end = expiryOf(subject);
  return {
    target: subject.target,
    state: stateOf(context, subject),
    tier: context.tier(subject).tier,
    owner: subject.entry?.owner,
    daysLeft: end === undefined ? undefined : daysBetween(context.today, end.day),
    standing: end === undefined ? "unknown" : end.standing === "verified" ? "verified" : "declared",
    uses: subject.uses.length,
  };
}

/** The state of a credential; of several that hold the gravest. */
export function stateOf(context: AuditContext, subject: Subject): EntryState {
  const { entry } = subject;
  if (entry === undefined) return "undeclared";
  if (entry.notASecret) return "not a secret";
  if (subject.presence === "absent") return "missing";
  const end = expiryOf(subject);
  const left = end === undefined ? undefined : daysBetween(context.today, end.day);
  if (left !== undefined && left < 0) return "expired";
  const owner = entry.owner === undefined ? undefined : context.owners(entry.owner);
  if (owner === undefined || owner === "left" || owner === "unknown" || owner === "empty team") return "orphaned";
  const { tier } = context.tier(subject);
  const rotation = rotationDue(subject, tier, context.limits);
  const reviewAge = entry.review === undefined ? 0 : daysBetween(entry.review.last, context.today);
  if ((rotation !== undefined && rotation.day < context.today) || reviewAge > context.limits.tiers[tier].review)
    return "overdue";
  if (left !== undefined && left <= Math.max(0, ...context.limits.warn)) return "due";
  return end?.standing === "verified" ? "verified" : "declared";
}

/** How many answers rest on what: declared, observed, verified, or on nothing. Unknown is a column of its own and never counts as good. */
export type Standings = Record<
  "owner" | "expiry" | "use",
  { declared: number; observed: number; verified: number; unknown: number }
>;

export function standingsOf(context: AuditContext): Standings {
  const none = () => ({ declared: 0, observed: 0, verified: 0, unknown: 0 });
  const counts: Standings = { owner: none(), expiry: none(), use: none() };
  for (const subject of context.subjects.all) {
    if (subject.entry?.notASecret === true) continue;
    const owner = subject.entry?.owner;
    counts.owner[owner === undefined ? "unknown" : context.owners(owner) === "unseen" ? "declared" : "observed"]++;
    counts.expiry[expiryOf(subject)?.standing ?? "unknown"]++;
    counts.use[subject.uses.length > 0 ? "observed" : "unknown"]++;
  }
  return counts;
}

function compareRows(a: Row, b: Row): number {
  const left = (row: Row) => row.daysLeft ?? Number.NEGATIVE_INFINITY;
  return tiers.indexOf(a.tier) - tiers.indexOf(b.tier) || left(a) - left(b) || compareText(a.target, b.target);
}
