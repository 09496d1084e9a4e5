/** Every rule of the register: its severity when nothing about the case changes it, and what it says, for `leasehold rules` and the docs. */
import type { RuleId, Severity } from "../../finding.ts";

const table = {
  absent: ["info", "A repository without a register"],
  undeclared: ["medium", "A credential that no entry of the register declares"],
  missing: ["medium", "A credential that is declared or used, and lies in no store"],
  shadowed: ["low", "A secret that another of the same name hides"],
  unreachable: ["medium", "An organisation's secret beyond the first 100 that a workflow gets"],
  unseen: ["info", "A store of which nothing is known because it could not be read"],
  archived: ["low", "An archived repository that still holds credentials"],
  "owner-missing": ["medium", "A credential without an owner"],
  "owner-unknown": ["medium", "An owner who is no member or team of the organisation"],
  "owner-left": ["high", "An owner who has left the organisation"],
  "owner-bot": ["medium", "A machine account as owner"],
  "owner-email": ["low", "An e-mail address as owner, instead of a login"],
  "owner-team-empty": ["medium", "An owning team without members"],
  "backup-missing": ["low", "A credential of the top tiers without a backup owner"],
  "backup-unfit": ["low", "A backup owner who is gone, unknown, a machine, or the owner again"],
  "purpose-missing": ["medium", "A credential without a purpose"],
  "purpose-empty": ["low", "A purpose that says nothing"],
  "expiry-missing": ["medium", "A credential without an end date"],
  expired: ["medium", "A credential whose last day is over"],
  expiring: ["low", "A credential whose last day is near"],
  "expiry-too-far": ["medium", "An end date beyond the maximum age of its tier"],
  "expiry-contradicted": ["medium", "A declared end date that GitHub contradicts"],
  "rotation-missing": ["low", "A credential without a rotation rule"],
  "rotation-overdue": ["medium", "A credential that was not replaced in time"],
  "review-missing": ["low", "A credential that nobody ever reviewed"],
  "review-overdue": ["medium", "A credential whose review is overdue"],
  "review-self-signed": ["low", "A review that only its owner signed"],
  "review-in-future": ["medium", "A review on a day that has not come"],
  "revocation-missing": ["low", "A credential of which nobody wrote down how to end it"],
  "plan-missing": ["low", "A credential without a plan"],
  "tier-lowered": ["medium", "A laxer tier than the facts give, without somebody else's approval"],
  unused: ["medium", "A credential without a sign of use"],
  shared: ["medium", "One secret in several repositories or environments"],
  "visible-to-all": ["high", "An organisation's secret that every repository may read"],
  "outside-environment": ["low", "A dangerous secret that no environment guards"],
  "environment-unprotected": ["medium", "A dangerous secret in an environment that guards nothing"],
  "third-party-receives": ["low", "Code of others that receives a secret without its owner's word"],
  "human-token": ["medium", "A person's token that a workflow uses"],
  "keyless-overdue": ["high", "A static key past the day by which it was to be replaced"],
  "deploy-key-stale": ["medium", "A deploy key that nobody uses"],
  "deploy-key-writable": ["medium", "A deploy key that may write"],
  "deploy-key-adder-left": ["high", "A deploy key whose adder has left"],
  "waiver-self-approved": ["high", "A waiver that its own author approved"],
  "waiver-renewed-too-often": ["medium", "A waiver that was renewed too often"],
  "break-glass-open": ["high", "Emergency access that is open past its window"],
  "break-glass-over-long": ["medium", "An emergency window longer than allowed"],
  "break-glass-unreviewed": ["medium", "Emergency access that nobody reviewed afterwards"],
  "break-glass-self-approved": ["high", "Emergency access that its own user approved"],
  "approval-self-approved": ["high", "An approval by who asked for it"],
  "approval-out-of-window": ["medium", "A credential that rests on an approval outside its window"],
  "approval-unknown": ["medium", "A credential that names an approval which does not exist or is for something else"],
  "evidence-gap": ["medium", "A finding that was closed without proof"],
  "not-rotated": ["high", "A secret that was saved again with the same value"],
  reused: ["high", "One value in several places"],
} as const satisfies Record<string, readonly [Severity, string]>;

/** The part of a rule id behind `register/`. */
export type RegisterRule = keyof typeof table;

/** The rules, for `leasehold rules` and the docs. */
export const registerRules: readonly { id: RuleId; severity: Severity; name: string }[] = Object.entries(table).map(
  ([slug, [severity, name]]) => ({ id: `register/${slug}`, severity, name }),
);

/** A rule's severity when nothing about the case changes it. */
export function severityOfRule(rule: RegisterRule): Severity {
  return table[rule][0];
}
