/**
 * Rules on approvals, waivers and emergency access themselves. That a waiver is over or runs too long is said by
 * `policy/waiver-expired` and `policy/waiver-over-long`, where waivers are applied.
 */
import { compareFindings, type Finding } from "../finding.ts";
import { addDays } from "../plain-date.ts";
import { assetLabel } from "./asset.ts";
import { type AuditContext, type Draft, findingOf, placeOfFile } from "./draft.ts";
import {
  type Approval,
  type BreakGlass,
  covers,
  type Exceptions,
  isApproved,
  isWithin,
  type Moment,
  windowHours,
} from "./exception.ts";
import type { RegisterLimits } from "./limits.ts";
import { sameOwner } from "./owner.ts";
import { registerPaths } from "./register.ts";
import type { Subject } from "./subject.ts";

/** The waivers file, for exceptions that come without a place. */
const exceptionsFile = ".github/leasehold-waivers.yml";

/**
 * What is wrong with exceptions.
 * In: the exceptions, the context of the audit they go with (see `auditContext`), the present minute in UTC. Out: findings, worst first.
 */
export function auditExceptions(exceptions: Exceptions, context: AuditContext, now: Moment): Finding[] {
  const { limits, register } = context;
  const drafts = [
    ...exceptions.waivers.flatMap((waiver) => waiverDrafts(waiver, limits)),
    ...exceptions.breakGlass.flatMap((one) => breakGlassDrafts(one, context.subjects.all, limits, now)),
    ...exceptions.approvals.flatMap((approval) => selfApproved(approval)),
    ...context.subjects.all.flatMap((subject) => approvalDrafts(subject, exceptions.approvals, now)),
  ];
  const file = register?.file ?? registerPaths[0];
  return drafts
    .map((draft) => findingOf(draft, limits.salt, draft.subject && context.tier(draft.subject).tier, file))
    .sort(compareFindings);
}

function waiverDrafts(waiver: Exceptions["waivers"][number], limits: RegisterLimits): Draft[] {
  const name = waiver.id ?? `${waiver.rule} ${waiver.target}`;
  const common = {
    key: `${name} ${waiver.until}`,
    standing: "observed",
    place: waiver.place ?? placeOfFile(exceptionsFile),
  } as const;
  const drafts: Draft[] = [];
  if (sameOwner(waiver.addedBy, waiver.approvedBy))
    drafts.push({
      ...common,
      rule: "waiver-self-approved",
      message: `The waiver for ${name} was added and approved by ${waiver.approvedBy}: somebody else must approve it. Until then it is only requested.`,
    });
  if ((waiver.renewals ?? 0) > limits.renewals)
    drafts.push({
      ...common,
      rule: "waiver-renewed-too-often",
      message: `The waiver for ${name} was renewed ${waiver.renewals} times; the limit is ${limits.renewals}. What is always excused is a decision: change the policy or fix the finding.`,
      facts: { renewals: String(waiver.renewals) },
    });
  return drafts;
}

function breakGlassDrafts(one: BreakGlass, subjects: readonly Subject[], limits: RegisterLimits, now: Moment): Draft[] {
  const { target, from, to, reason, reviewed } = one;
  const place = one.place ?? placeOfFile(exceptionsFile);
  const common = { key: `${target} ${from}`, standing: "declared", place, facts: { target, from, to } } as const;
  const drafts: Draft[] = [];
  const hours = windowHours(one);
  if (hours > limits.breakGlassHours)
    drafts.push({
      ...common,
      rule: "break-glass-over-long",
      message: `The emergency window on ${target} (${reason}) spans ${Math.ceil(hours)} hours; the limit is ${limits.breakGlassHours}.`,
    });
  if (sameOwner(one.openedBy, one.approvedBy))
    drafts.push({
      ...common,
      rule: "break-glass-self-approved",
      message: `${one.openedBy} opened ${target} and approved it: somebody else must.`,
    });
  if (now <= to) return drafts;
  const left = subjects.find((subject) => subject.target === target && subject.presence === "present");
  if (left !== undefined)
    drafts.push({
      ...common,
      rule: "break-glass-open",
      standing: "observed",
      message: `The emergency window on ${target} closed at ${to}, and the credential still lies in its store: delete or replace it.`,
    });
  if (reviewed === undefined) {
    const due = addDays(to.slice(0, 10), limits.breakGlassReview);
    drafts.push({
      ...common,
      rule: "break-glass-unreviewed",
      severity: now.slice(0, 10) > due ? "high" : "medium",
      message: `The emergency window on ${target} (${reason}) closed at ${to} and nobody reviewed it: due on ${due}. Name the issue under reviewed.`,
    });
  }
  return drafts;
}

function selfApproved(approval: Approval): Draft[] {
  if (isApproved(approval)) return [];
  return [
    {
      rule: "approval-self-approved",
      key: approval.id,
      standing: "declared",
      place: approval.place ?? placeOfFile(exceptionsFile),
      message: `Approval ${approval.id} was asked for and given by ${approval.requestedBy}: it has no effect until somebody else approves.`,
    },
  ];
}

/** Entries that name an approval. */
function approvalDrafts(subject: Subject, approvals: readonly Approval[], now: Moment): Draft[] {
  const { entry, asset } = subject;
  if (entry?.approval === undefined) return [];
  const { scope } = asset;
  const label = assetLabel(asset);
  const common = {
    subject,
    standing: "declared",
    place: entry.placeOf("approval"),
    facts: { approval: entry.approval },
  } as const;
  const approval = approvals.find(({ id }) => id === entry.approval);
  const wanted = {
    secret: asset.name,
    ...(scope.level === "environment" && { environment: scope.environment }),
    ...(scope.level !== "org" && scope.repository !== undefined && { repository: scope.repository }),
  };
  // A register that does not name its own repository cannot contradict an approval that does.
  const { repository: _named, ...elsewhere } = approval?.asset ?? {};
  const fits =
    approval !== undefined &&
    (covers(approval, wanted) ||
      (!("repository" in wanted) &&
        scope.level !== "org" &&
        Object.keys(elsewhere).length > 0 &&
        covers({ asset: elsewhere }, wanted)));
  if (!fits)
    return [
      {
        ...common,
        rule: "approval-unknown",
        message: `${label} rests on approval ${entry.approval}, ${approval === undefined ? "which does not exist" : "which is for something else"}.`,
      },
    ];
  if (isWithin(approval, now)) return [];
  const when = now < approval.from ? `begins at ${approval.from}` : `ended at ${approval.to}`;
  return [
    {
      ...common,
      rule: "approval-out-of-window",
      message: `${label} rests on approval ${approval.id}, which ${when}: it has no effect now.`,
    },
  ];
}
