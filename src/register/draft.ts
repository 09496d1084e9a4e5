/** What a rule of the register says, and how it becomes a finding. */
import type { Confidence, Finding, Place, RuleId, Severity } from "../finding.ts";
import { identityOf } from "../finding-id.ts";
import { assetLabel } from "./asset.ts";
import type { Inventory } from "./inventory.ts";
import type { RegisterLimits, Tier } from "./limits.ts";
import type { OwnerLookup } from "./owner.ts";
import type { Register } from "./register.ts";
import { type RegisterRule, severityOfRule } from "./rule/list.ts";
import type { Subject, Subjects } from "./subject.ts";
import type { TierVerdict } from "./tier.ts";

/**
 * What a statement rests on. `declared`: the register says so. `observed`: GitHub's stores or the workflows show it.
 * `verified`: whoever issued the credential says so.
 */
export const standings = ["declared", "observed", "verified"] as const;
export type Standing = (typeof standings)[number];

/** One thing that is wrong, before it has an id. */
export type Draft = {
  rule: RegisterRule;
  /** What it is about. */
  subject?: Subject;
  /** Tells apart several findings of one rule about one subject, or names what a finding without subject is about. */
  key?: string;
  message: string;
  standing: Standing;
  severity?: Severity;
  confidence?: Confidence;
  /** Where it stands; without one, at the entry, else at the first use, else at the register's beginning. */
  place?: Place;
  facts?: Record<string, string>;
};

/** What every rule may look at. */
export type AuditContext = {
  register: Register | undefined;
  inventory: Inventory | undefined;
  subjects: Subjects;
  owners: OwnerLookup;
  tier(subject: Subject): TierVerdict;
  limits: RegisterLimits;
  /** Today, in UTC. */
  today: string;
};

/** A rule, or several that look at the same thing. */
export type Rule = (context: AuditContext) => Iterable<Draft>;

/** Whether a tier is one of the two that ask for more. */
export function isTop(tier: Tier): boolean {
  return tier === "T0" || tier === "T1";
}

/** The subjects that are credentials: what is declared not to be one is left out. */
export function credentials(context: AuditContext): Subject[] {
  return context.subjects.all.filter(({ entry }) => entry?.notASecret !== true);
}

/** The finding of a draft. In: the draft, the salt, the tier of its subject, and the register's file for what stands nowhere. */
export function findingOf(draft: Draft, salt: string, tier: Tier | undefined, file: string): Finding {
  const { rule, subject } = draft;
  const id: RuleId = `register/${rule}`;
  const about = subject === undefined ? "" : assetLabel(subject.asset);
  return {
    rule: id,
    id: identityOf(salt, [id, subject?.key ?? "", draft.key ?? ""]).id,
    place: draft.place ?? subject?.entry?.placeOf() ?? subject?.uses[0]?.place ?? placeOfFile(file),
    severity: draft.severity ?? severityOfRule(rule),
    confidence: draft.confidence ?? "certain",
    message: draft.message,
    preview: about,
    excerpt: "",
    facts: {
      ...(subject !== undefined && { target: subject.target }),
      ...(tier !== undefined && { tier }),
      ...(subject?.entry?.owner !== undefined && { owner: subject.entry.owner }),
      standing: draft.standing,
      ...draft.facts,
    },
    gates: [],
    fixes: [],
  };
}

/** The beginning of a file, for what stands at no line. */
export function placeOfFile(path: string): Place {
  return { path, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
