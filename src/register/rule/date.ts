/** Rules on the days by which something must happen: the end, the next rotation, the next review. */
import { addDays, daysBetween } from "../../plain-date.ts";
import { assetLabel } from "../asset.ts";
import { type AuditContext, credentials, type Draft } from "../draft.ts";
import { expiryOf, rotationDue, verifiedExpiry, writtenOn } from "../expiry.ts";
import { inDays, stepFacts, stepOf } from "../ladder.ts";
import { peopleBehind } from "../owner.ts";
import type { Subject } from "../subject.ts";

/** The end: missing, near, over, too far away, or not what the issuer says. */
export function* expiry(context: AuditContext): Generator<Draft> {
  const { limits, today } = context;
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined || subject.presence === "absent") continue;
    const label = assetLabel(subject.asset);
    const { tier } = context.tier(subject);
    const end = expiryOf(subject);
    const place = entry.placeOf("expires");
    if (end === undefined) {
      if (entry.kind !== "federated" && limits.require.includes("expires")) {
        const never = verifiedExpiry(subject) === null ? ", and GitHub says it never ends" : "";
        yield {
          rule: "expiry-missing",
          subject,
          place,
          standing: never === "" ? "declared" : "verified",
          message: `${label} has no end date${never}: ${tier} allows ${limits.tiers[tier].maxAge} days, today until ${addDays(today, limits.tiers[tier].maxAge)}.`,
        };
      }
      continue;
    }
    const step = stepOf(end.day, today, tier, limits);
    const facts = { ...stepFacts(step, entry), expires: end.day };
    if (step.phase === "over")
      yield {
        rule: "expired",
        subject,
        place,
        standing: end.standing,
        severity: step.severity,
        message: `${label} ended on ${end.day}, ${inDays(step.left)}: revoke it and delete it, or replace it and set a new end.`,
        facts,
      };
    else if (step.phase !== "far")
      yield {
        rule: "expiring",
        subject,
        place,
        standing: end.standing,
        severity: step.severity,
        message: `${label} ends on ${end.day}, ${inDays(step.left)}.`,
        facts,
      };
    const from = writtenOn(subject) ?? today;
    const age = daysBetween(from > today ? today : from, end.day);
    const { maxAge } = limits.tiers[tier];
    if (step.phase !== "over" && age > maxAge && entry.kind !== "federated")
      yield {
        rule: "expiry-too-far",
        subject,
        place,
        standing: end.standing,
        message: `${label} would live ${age} days, until ${end.day}; ${tier} allows ${maxAge}.`,
        facts: { expires: end.day, age: String(age), maxAge: String(maxAge) },
      };
    yield* contradiction(subject, label);
  }
}

/** GitHub's own word against the register's. */
function* contradiction(subject: Subject, label: string): Generator<Draft> {
  const { entry } = subject;
  const verified = verifiedExpiry(subject);
  if (entry?.expires === undefined || verified === undefined || verified === entry.expires) return;
  yield {
    rule: "expiry-contradicted",
    subject,
    place: entry.placeOf("expires"),
    standing: "verified",
    message: `${label} is declared to end on ${entry.expires}, and GitHub says ${verified === null ? "that it never ends" : `it ends on ${verified}`}.`,
    facts: { declared: entry.expires, verified: verified ?? "never" },
  };
}

/** Rotation, from the day the store shows as the last write. A write of the same value looks the same; only fingerprints tell. */
export function* rotation(context: AuditContext): Generator<Draft> {
  const { limits, today } = context;
  for (const subject of credentials(context)) {
    if (subject.entry === undefined) continue;
    const { tier } = context.tier(subject);
    const due = rotationDue(subject, tier, limits);
    if (due === undefined) continue;
    const step = stepOf(due.day, today, tier, limits);
    if (step.phase !== "over") continue;
    const rule = due.own ? `its rule is every ${due.every} days` : `${tier} allows ${due.every} days`;
    yield {
      rule: "rotation-overdue",
      subject,
      place: subject.entry.placeOf("rotate"),
      standing: "observed",
      severity: step.severity,
      message: `${assetLabel(subject.asset)} was last written on ${writtenOn(subject)}, and ${rule}: it was due on ${due.day}, ${inDays(step.left)}.`,
      facts: { ...stepFacts(step, subject.entry), due: due.day },
    };
  }
}

/** Review: how often follows from the tier. */
export function* review(context: AuditContext): Generator<Draft> {
  const { limits, today } = context;
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined) continue;
    const label = assetLabel(subject.asset);
    const { tier } = context.tier(subject);
    if (entry.review === undefined) {
      if (limits.require.includes("review"))
        yield {
          rule: "review-missing",
          subject,
          standing: "declared",
          message: `${label} was never reviewed: is it still needed, with this scope, by this owner?`,
        };
      continue;
    }
    const { last, by } = entry.review;
    const place = entry.placeOf("review.last");
    if (last > today) {
      yield {
        rule: "review-in-future",
        subject,
        place,
        standing: "declared",
        message: `The review of ${label} is dated ${last}, which has not come yet; today is ${today}.`,
      };
      continue;
    }
    const due = addDays(last, limits.tiers[tier].review);
    const step = stepOf(due, today, tier, limits);
    if (step.phase === "over")
      yield {
        rule: "review-overdue",
        subject,
        place,
        standing: "declared",
        severity: step.severity,
        message: `${label} is ${tier}, to be reviewed every ${limits.tiers[tier].review} days: due on ${due}, ${inDays(step.left)}.`,
        facts: { ...stepFacts(step, entry), due },
      };
    const owners = entry.owner === undefined ? undefined : peopleBehind(entry.owner, context.inventory);
    const alone = by !== undefined && owners?.length === 1 && owners[0] === by.slice(1).toLowerCase();
    if (alone || by === undefined)
      yield {
        rule: "review-self-signed",
        subject,
        place: entry.placeOf(by === undefined ? "review" : "review.by"),
        standing: "declared",
        message: alone
          ? `The review of ${label} is signed by ${by}, who alone owns it: somebody else must look too.`
          : `The review of ${label} names nobody who made it.`,
      };
  }
}
