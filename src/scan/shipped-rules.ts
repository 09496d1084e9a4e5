/** The rules of this version, read and compiled once a process. */
import { formats } from "../leak/format/registry.ts";
import type { LeakRule } from "../leak/rule.ts";
import { compileRules, type RuleSet } from "../leak/rule-set.ts";
import { loadRules } from "./load-rules.ts";
import { watched } from "./watched.ts";

let rules: readonly LeakRule[] | undefined;
let set: RuleSet | undefined;

/** All leak rules but the generic one. Throws as `loadRules`. */
export function shippedRules(): readonly LeakRule[] {
  rules ??= loadRules();
  return rules;
}

/** The same compiled. */
export function shippedRuleSet(): RuleSet {
  set ??= compileRules(shippedRules(), formats, undefined, watched);
  return set;
}
