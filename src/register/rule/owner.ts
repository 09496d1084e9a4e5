/** Rules on who answers for a credential. */
import { assetLabel } from "../asset.ts";
import { type AuditContext, credentials, type Draft, isTop } from "../draft.ts";
import { type OwnerState, sameOwner } from "../owner.ts";
import type { RegisterRule } from "./list.ts";

/** What is wrong with an owner, by what is known of it. Live ones and those that nobody could look up are left alone. */
const faults: Partial<Record<OwnerState, { rule: RegisterRule; says: string; sure: boolean }>> = {
  left: { rule: "owner-left", says: "has left the organisation: name another", sure: true },
  unknown: { rule: "owner-unknown", says: "is no member or team of the organisation", sure: true },
  gone: { rule: "owner-unknown", says: "has no account at GitHub by that name", sure: true },
  "empty team": { rule: "owner-team-empty", says: "is a team without members", sure: true },
  bot: { rule: "owner-bot", says: "is a machine account, which cannot answer for anything", sure: true },
  "likely bot": {
    rule: "owner-bot",
    says: "looks like a machine account, which cannot answer for anything",
    sure: false,
  },
  "e-mail": {
    rule: "owner-email",
    says: "is an e-mail address: write the login or team, which can be looked up",
    sure: true,
  },
};

/** The owner: missing, or not somebody who can answer. */
export function* owner(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined) continue;
    const label = assetLabel(subject.asset);
    if (entry.owner === undefined) {
      if (!context.limits.require.includes("owner")) continue;
      yield {
        rule: "owner-missing",
        subject,
        standing: "declared",
        message: `${label} has no owner: nobody is told when it ends.`,
      };
      continue;
    }
    const fault = faults[context.owners(entry.owner)];
    if (fault === undefined) continue;
    yield {
      rule: fault.rule,
      subject,
      standing: fault.rule === "owner-email" ? "declared" : "observed",
      confidence: fault.sure ? "certain" : "likely",
      place: entry.placeOf("owner"),
      message: `The owner of ${label}, ${entry.owner}, ${fault.says}.`,
    };
  }
}

/** The backup: needed for the top tiers, and of use only if it is somebody else who is there. */
export function* backup(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined) continue;
    const label = assetLabel(subject.asset);
    if (entry.backup === undefined) {
      const { tier } = context.tier(subject);
      if (!isTop(tier) && !context.limits.require.includes("backup")) continue;
      yield {
        rule: "backup-missing",
        subject,
        standing: "declared",
        severity: isTop(tier) ? "medium" : "low",
        message: `${label} is ${tier} and has no backup owner: when the owner is away, nobody can end it.`,
      };
      continue;
    }
    const fault = faults[context.owners(entry.backup)];
    const says = sameOwner(entry.owner, entry.backup) ? "is its owner too" : fault?.says;
    if (says === undefined) continue;
    yield {
      rule: "backup-unfit",
      subject,
      standing: fault === undefined ? "declared" : "observed",
      confidence: fault?.sure === false ? "likely" : "certain",
      place: entry.placeOf("backup"),
      message: `The backup owner of ${label}, ${entry.backup}, ${says}.`,
    };
  }
}
