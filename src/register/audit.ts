/** The audit: register, inventory and uses in, findings out. */
import { compareFindings, type Finding } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import { type AuditContext, findingOf, type Rule } from "./draft.ts";
import type { Inventory } from "./inventory.ts";
import type { RegisterLimits } from "./limits.ts";
import { ownerLookup } from "./owner.ts";
import { type Register, registerPaths } from "./register.ts";
import { expiry, review, rotation } from "./rule/date.ts";
import { deployKeys } from "./rule/deploy-key.ts";
import { absent, archived, missing, shadowed, undeclared, unreachable, unseen } from "./rule/drift.ts";
import { humanToken, isolation, shared, thirdParty, visibleToAll } from "./rule/exposure.ts";
import { purpose, required, tierLowered } from "./rule/field.ts";
import { backup, owner } from "./rule/owner.ts";
import { keylessOverdue, unused } from "./rule/use.ts";
import { type Subject, subjectsOf } from "./subject.ts";
import { type TierVerdict, tierOf } from "./tier.ts";
import type { SecretUses } from "./use.ts";

/** Rules that ask something of an entry. */
const entryRules: readonly Rule[] = [owner, backup, purpose, required, tierLowered, expiry, rotation, review];

/** Rules that compare a register with what there is. */
const driftRules: readonly Rule[] = [undeclared, missing, thirdParty, humanToken, unused, keylessOverdue];

/** Rules on the stores alone. */
const storeRules: readonly Rule[] = [
  ...[shadowed, unreachable, unseen, archived, shared, visibleToAll, isolation, deployKeys],
];

/**
 * What is wrong with the credentials of a repository or an organisation.
 * In: the register (undefined when there is none: then one finding says so, and rules that ask something of an entry are silent),
 * a snapshot of the stores (undefined offline), the uses that the workflows show, the policy's limits, today in UTC.
 * Out: findings, worst first; the order of entries, stores and uses never changes them. An end date holds through its day.
 */
export function audit(
  register: Register | undefined,
  inventory: Inventory | undefined,
  uses: SecretUses,
  limits: RegisterLimits,
  today: PlainDate,
): Finding[] {
  const context = auditContext(register, inventory, uses, limits, today);
  const file = register?.file ?? registerPaths[0];
  const findings: Finding[] = [];
  const rules = register === undefined ? [absent] : [...entryRules, ...driftRules];
  for (const rule of inventory === undefined && register === undefined ? rules : [...rules, ...storeRules]) {
    for (const draft of rule(context)) {
      const tier = draft.subject === undefined ? undefined : context.tier(draft.subject).tier;
      findings.push(findingOf(draft, limits.salt, tier, file));
    }
  }
  return findings.sort(compareFindings);
}

/** What the rules look at; also the ground of lists and explanations. In: as for `audit`. */
export function auditContext(
  register: Register | undefined,
  inventory: Inventory | undefined,
  uses: SecretUses,
  limits: RegisterLimits,
  today: PlainDate,
): AuditContext {
  const subjects = subjectsOf(register, inventory, uses);
  const tiers = new Map<Subject, TierVerdict>();
  const tier = (subject: Subject): TierVerdict => {
    let verdict = tiers.get(subject);
    if (verdict === undefined) {
      verdict = tierOf(subject, subjects);
      tiers.set(subject, verdict);
    }
    return verdict;
  };
  return { register, inventory, subjects, owners: ownerLookup(inventory), tier, limits, today };
}
