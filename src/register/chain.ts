/** The chain behind a credential: who answers for it, who approved it, when it was issued, what uses it, how it ends. */
import { assetLabel } from "./asset.ts";
import { type AuditContext, isTop, type Standing } from "./draft.ts";
import { approvalsInForce, type Exceptions, type Moment } from "./exception.ts";
import { expiryOf, rotationDue, writtenOn } from "./expiry.ts";
import { useSign } from "./rule/use.ts";
import type { Subject } from "./subject.ts";

/** `present`: something is there and stands on `standing`. `missing`: it should be there and is not. `unknown`: nobody could look. */
export type Link = {
  name: "identity" | "approval" | "issuance" | "use" | "revocation";
  state: "present" | "missing" | "unknown";
  standing: Standing | undefined;
  detail: string;
};

/** The links of one credential, always five and in order. In: the context of an audit, the subject, the exceptions, the present minute in UTC. */
export function chainOf(context: AuditContext, subject: Subject, exceptions: Exceptions, now: Moment): Link[] {
  return [
    identity(context, subject),
    approval(context, subject, exceptions, now),
    issuance(context, subject),
    use(context, subject),
    revocation(context, subject),
  ];
}

/** The subjects that a name means: its target, or every one of that name. */
export function subjectsNamed(context: AuditContext, name: string): Subject[] {
  const exact = context.subjects.all.filter(({ target }) => target.toLowerCase() === name.toLowerCase());
  if (exact.length > 0) return exact;
  return context.subjects.all.filter(({ asset }) => asset.name.toLowerCase() === name.toLowerCase());
}

/** The chain as text: a line per link, and the tier with its reasons. */
export function chainText(context: AuditContext, subject: Subject, links: readonly Link[]): string {
  const { tier, computed, score, reasons } = context.tier(subject);
  const width = Math.max(...links.map(({ name }) => name.length));
  const lines = links.map(({ name, state, standing, detail }) => {
    const mark = state === "present" ? "+" : state === "missing" ? "x" : "?";
    return `  ${mark} ${name.padEnd(width)}  ${state}${standing === undefined ? "" : ` (${standing})`}: ${detail}`;
  });
  const broken = links.filter(({ state }) => state === "missing").map(({ name }) => name);
  const unseen = links.filter(({ state }) => state === "unknown").map(({ name }) => name);
  return [
    `${assetLabel(subject.asset)}  ${subject.target}`,
    ...lines,
    `  tier ${tier}${tier === computed ? "" : `, computed ${computed}`} from ${score} points`,
    ...reasons.map(({ points, because }) => `    ${points > 0 ? "+" : ""}${points} ${because}`),
    `  missing links: ${broken.length === 0 ? "none" : broken.join(", ")}${unseen.length === 0 ? "" : `; not seen: ${unseen.join(", ")}`}`,
    "",
  ].join("\n");
}

function identity({ owners }: AuditContext, { entry }: Subject): Link {
  if (entry?.owner === undefined)
    return {
      name: "identity",
      state: "missing",
      standing: undefined,
      detail: entry === undefined ? "no entry in the register" : "no owner",
    };
  const state = owners(entry.owner);
  if (state === "live")
    return { name: "identity", state: "present", standing: "observed", detail: `${entry.owner} is there` };
  if (state === "unseen")
    return { name: "identity", state: "unknown", standing: "declared", detail: `${entry.owner}, not looked up` };
  return { name: "identity", state: "missing", standing: "observed", detail: `${entry.owner}: ${state}` };
}

function approval(context: AuditContext, { entry, asset }: Subject, exceptions: Exceptions, now: Moment): Link {
  const { scope } = asset;
  const repository =
    scope.level === "org"
      ? undefined
      : (scope.repository ?? (context.subjects.home === "" ? undefined : context.subjects.home));
  const wanted = {
    secret: asset.name,
    ...(scope.level === "environment" && { environment: scope.environment }),
    ...(repository !== undefined && { repository }),
  };
  const live = approvalsInForce(exceptions.approvals, wanted, now);
  if (live.length > 0) {
    const detail = live.map(({ id, task, to }) => `${id} for ${task} until ${to}`).join("; ");
    return { name: "approval", state: "present", standing: "declared", detail };
  }
  if (entry?.review !== undefined && entry.review.last <= context.today)
    return {
      name: "approval",
      state: "present",
      standing: "declared",
      detail: `reviewed on ${entry.review.last}${entry.review.by === undefined ? "" : ` by ${entry.review.by}`}`,
    };
  return { name: "approval", state: "missing", standing: undefined, detail: "no approval in force and no review" };
}

function issuance(context: AuditContext, subject: Subject): Link {
  const written = writtenOn(subject);
  const { tier } = context.tier(subject);
  const due = rotationDue(subject, tier, context.limits);
  if (written !== undefined)
    return {
      name: "issuance",
      state: "present",
      standing: "observed",
      detail: `last written on ${written}${due === undefined ? "" : `, to be replaced by ${due.day}`}`,
    };
  if (subject.presence === "absent")
    return { name: "issuance", state: "missing", standing: "observed", detail: "it lies in no store" };
  return {
    name: "issuance",
    state: "unknown",
    standing: undefined,
    detail: subject.unseen === undefined ? "no snapshot of its store" : `its store: ${subject.unseen}`,
  };
}

function use({ subjects }: AuditContext, subject: Subject): Link {
  const sign = useSign(subject, subjects);
  const jobs = new Set(subject.uses.map(({ place, job }) => `${place.path}${job === undefined ? "" : ` (${job})`}`));
  const where = [...jobs].slice(0, 3).join(", ") + (jobs.size > 3 ? ` and ${jobs.size - 3} more` : "");
  switch (sign.by) {
    case "run":
      return {
        name: "use",
        state: "present",
        standing: "observed",
        detail: `read by ${where}; last run on ${sign.day} (stand-in for last use)`,
      };
    case "workflow":
      return { name: "use", state: "present", standing: "observed", detail: `read by ${where}; no run on record` };
    case "all-secrets":
      return { name: "use", state: "unknown", standing: "observed", detail: "some job reads all secrets" };
    case "nothing":
      return { name: "use", state: "missing", standing: "observed", detail: "no workflow reads it" };
    case "unread":
      return { name: "use", state: "unknown", standing: undefined, detail: "not all workflows were read" };
  }
}

function revocation(context: AuditContext, subject: Subject): Link {
  const { entry } = subject;
  const end = expiryOf(subject);
  const parts = [
    ...(end === undefined ? [] : [`ends on ${end.day} (${end.standing})`]),
    ...(entry?.revoke === undefined
      ? []
      : [`by ${entry.revoke.how}${entry.revoke.contact === undefined ? "" : `, ${entry.revoke.contact}`}`]),
    ...(entry?.revoke?.lastDrill === undefined
      ? []
      : [
          `tried on ${entry.revoke.lastDrill}${entry.revoke.minutes === undefined ? "" : `, took ${entry.revoke.minutes} minutes`}`,
        ]),
  ];
  // Without a day it never ends by itself; without a way, the top tiers cannot be ended in a hurry.
  const broken = end === undefined || (entry?.revoke === undefined && isTop(context.tier(subject).tier));
  const detail = [
    ...(end === undefined ? ["no end date"] : []),
    ...(entry?.revoke === undefined ? ["no way to revoke on record"] : []),
    ...parts,
  ].join("; ");
  if (broken) return { name: "revocation", state: "missing", standing: undefined, detail };
  return { name: "revocation", state: "present", standing: end.standing, detail };
}

/** Entries whose end in an emergency was tried, slowest first: the slowest path decides how long a leak stays open. */
export function slowestRevocations(
  context: AuditContext,
): { target: string; minutes: number; drilled: string | undefined }[] {
  return context.subjects.all
    .flatMap(({ entry, target }) =>
      entry?.revoke?.minutes === undefined
        ? []
        : [{ target, minutes: entry.revoke.minutes, drilled: entry.revoke.lastDrill }],
    )
    .sort((a, b) => b.minutes - a.minutes);
}
