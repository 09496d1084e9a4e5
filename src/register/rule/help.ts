/** Why a rule of the register matters and what to do, for reports. */
import { type RegisterRule, registerRules } from "./list.ts";

export type RegisterRuleHelp = { name: string; why: string; revoke: string };

/** By the beginning of a rule's slug; the longest that fits counts. */
const groups: Readonly<Record<string, readonly [why: string, mend: string]>> = {
  absent: [
    "Without a register nobody can say who answers for a credential or when it ends.",
    "Run leasehold register import with a snapshot, or leasehold register add.",
  ],
  undeclared: [
    "A credential that nobody declared has no owner to tell and no end.",
    "Add an entry with owner, purpose and end date, or delete the credential.",
  ],
  missing: [
    "A reference to nothing is an empty text at run time, and an entry for nothing hides what is really there.",
    "Correct the name or scope, or take it out.",
  ],
  shadowed: ["Whoever rotates the hidden one changes nothing for these jobs.", "Delete one of the two, or rename it."],
  unreachable: [
    "The job gets an empty text instead of the secret.",
    "Narrow the visibility of other organisation secrets.",
  ],
  unseen: [
    "What could not be listed may hold anything.",
    "Give the token the permission, or accept that this store stays unknown.",
  ],
  archived: ["Nobody watches an archived repository, and its keys still work.", "Revoke and delete its credentials."],
  owner: [
    "A credential whose owner is not there is rotated by nobody.",
    "Name a member or a team with members under owner.",
  ],
  backup: ["When the one owner is away, a leak stays open.", "Name somebody else under backup."],
  purpose: ["Without a purpose nobody dares to delete it.", "Write what would stop without it."],
  expir: [
    "A credential without a near end keeps what was leaked long ago useful.",
    "Set an end date within its tier, and replace the credential before it.",
  ],
  rotation: [
    "The older a value, the more places have seen it.",
    "Replace it at its issuer, store the new value, and revoke the old one.",
  ],
  review: [
    "Need, scope and owner change; a review is when somebody notices.",
    "Ask whether it is still needed, with this scope, by this owner, and write review: { last, by }.",
  ],
  revocation: [
    "In an emergency the slowest way to revoke decides how long a leak stays open.",
    "Write revoke: { how, contact }, and try it once.",
  ],
  plan: ["A credential without a plan stays for ever.", "Write plan: keyless, rotate, remove or keep."],
  tier: [
    "The tier decides how often it is looked at.",
    "Take the tier out, or have somebody else approve it under tier-approved-by.",
  ],
  unused: [
    "What nobody uses nobody misses, except who stole it.",
    "Delete it, after a release cycle with its visibility narrowed where that is possible.",
  ],
  shared: [
    "One leak opens every place that holds the value, and no log tells which was used.",
    "Give each place its own, or write under shared why not.",
  ],
  "visible-to-all": ["Whoever can push to any repository can read it.", "Select the repositories that need it."],
  "outside-environment": [
    "Every branch's workflow can read it, without anybody's approval.",
    "Move it into an environment with reviewers and limited branches.",
  ],
  "environment-unprotected": [
    "An environment that asks nobody guards nothing.",
    "Add reviewers, and limit the branches.",
  ],
  "third-party": [
    "Its next version decides what happens to the secret.",
    "Pin it to a commit, and list it under third-parties if the owner agrees.",
  ],
  human: [
    "What runs with it looks like that person, and ends when they leave.",
    "Use the job's own token or an App's.",
  ],
  keyless: [
    "A job can prove who it is without a stored key.",
    "Move to OIDC with leasehold fix, then delete and revoke the key.",
  ],
  "deploy-key": [
    "A deploy key has no end date and passes every review.",
    "Delete it, or replace it by a read-only one or the job's own token.",
  ],
  waiver: [
    "An exception that its author grants or that never ends is a decision nobody took.",
    "Fix the finding, or let somebody else approve a last one.",
  ],
  "break-glass": [
    "Emergency access is only safe when it ends and somebody looks at it afterwards.",
    "Close it, delete what was made for it, and name the review under reviewed.",
  ],
  approval: ["An approval has effect for its asset, in its window, by somebody else.", "Ask for a new one."],
  evidence: [
    "A finding that was closed without proof may still be open.",
    "Record the commit, run or answer that shows it.",
  ],
  "not-rotated": [
    "A write of the same value is no rotation.",
    "Make a new value at the issuer, store it, and revoke the old one.",
  ],
  reused: ["One leak opens every place that holds the value.", "Give each place its own."],
};

/** In: a rule id. Out: what is known of it, or undefined where it is no rule of the register. */
export function registerRuleHelp(rule: string): RegisterRuleHelp | undefined {
  const known = registerRules.find(({ id }) => id === rule);
  if (known === undefined) return undefined;
  const slug = rule.slice("register/".length) as RegisterRule;
  const group = Object.keys(groups)
    .filter((start) => slug.startsWith(start))
    .sort((a, b) => b.length - a.length)[0];
  const [why, revoke] = groups[group ?? ""] ?? ["", ""];
  return { name: known.name, why, revoke };
}
