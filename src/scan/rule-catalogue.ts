/** Every rule that ships and is no leak rule, in one form, for policies, `rules`, `explain` and the docs. */
import type { RuleId, Severity } from "../finding.ts";
import { exceptionRules } from "../policy/exception-finding.ts";
import { registerRules } from "../register/rule/list.ts";
import { type TrustRule, trustRules } from "../trust/rules.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { workflowRules } from "../workflow/rule/list.ts";
import { storedCredential } from "../workflow/rule/stored-credential.ts";
import { mergeKey, type SyntaxRule, syntaxError } from "../workflow/rule/syntax.ts";
import { shippedKeylessRules } from "./keyless-index.ts";
import { sourceKeylessIds } from "./rule-source.ts";
import { unknownTrustRule } from "./unknown-trust.ts";

/** A rule about workflows; its severity depends on the case. */
export const allWorkflowRules: readonly SyntaxRule[] = [
  syntaxError,
  mergeKey,
  ...workflowRules.map(({ check: _, ...rule }) => rule),
  storedCredential,
];

export const allTrustRules: readonly TrustRule[] = [...trustRules, unknownTrustRule];

/** Rules about waivers, allows and the register: a title each. */
export const upkeepRules: readonly { id: RuleId; severity: Severity; name: string }[] = [
  ...exceptionRules,
  ...registerRules,
];

/** What is known of one rule. */
export type CatalogueRule =
  | { family: "keyless"; rule: KeylessRule }
  | { family: "workflow"; rule: SyntaxRule }
  | { family: "trust"; rule: TrustRule }
  | { family: "upkeep"; rule: (typeof upkeepRules)[number] };

/** Ids of all of them. Reads no keyless rule. */
export function catalogueIds(): string[] {
  return [
    ...sourceKeylessIds().map((id) => `keyless/${id}`),
    ...allWorkflowRules.map(({ id }) => id),
    ...allTrustRules.map(({ id }) => `trust/${id}`),
    ...upkeepRules.map(({ id }) => id),
  ];
}

/** One rule by its id. The keyless rules are read when one of theirs is asked for. */
export function catalogueRule(id: string): CatalogueRule | undefined {
  const slug = id.slice(id.indexOf("/") + 1);
  if (id.startsWith("keyless/")) {
    const rule = shippedKeylessRules().find((one) => one.id === slug);
    return rule === undefined ? undefined : { family: "keyless", rule };
  }
  if (id.startsWith("workflow/")) {
    const rule = allWorkflowRules.find((one) => one.id === id);
    return rule === undefined ? undefined : { family: "workflow", rule };
  }
  if (id.startsWith("trust/")) {
    const rule = allTrustRules.find((one) => one.id === slug);
    return rule === undefined ? undefined : { family: "trust", rule };
  }
  const rule = upkeepRules.find((one) => one.id === id);
  return rule === undefined ? undefined : { family: "upkeep", rule };
}

/** A rule's usual severity; undefined where it depends on the case, and for a rule that is none of these. */
export function catalogueSeverity(id: string): Severity | undefined {
  const known = catalogueRule(id);
  return known === undefined || known.family === "workflow" ? undefined : known.rule.severity;
}
