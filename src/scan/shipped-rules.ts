/** The leak rules of this version, read once a thread, and made ready for a scan. */
import { formats } from "../leak/format/registry.ts";
import type { LeakRule } from "../leak/rule.ts";
import { compileRules, type RuleSet, type RuleSource, ruleSetWith } from "../leak/rule-set.ts";
import { sourceLeakRules } from "./rule-source.ts";
import { watched } from "./watched.ts";

let source: ReturnType<typeof sourceLeakRules> | undefined;
let set: RuleSet | undefined;

/** All leak rules but the generic one. Throws LeaseholdError("config") when a rule file of a checkout is wrong. */
export function shippedRules(): readonly LeakRule[] {
  source ??= sourceLeakRules();
  return source.rules;
}

/**
 * The rule set for a scan: what ships, and a policy's own detectors. Made once where there are none.
 * Throws LeaseholdError("config") for a detector that is wrong; `sourceOf` tells where it stands.
 */
export function shippedRuleSet(detectors: readonly LeakRule[] = [], sourceOf?: RuleSource): RuleSet {
  if (detectors.length > 0) return compileRules([...shippedRules(), ...detectors], formats, sourceOf, watched);
  source ??= sourceLeakRules();
  set ??= ruleSetWith(source.tables(), source.rules, formats);
  return set;
}
