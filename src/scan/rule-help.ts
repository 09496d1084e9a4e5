/** What reports and `explain` can say of a rule. */
import { genericRule } from "../leak/key-name.ts";
import type { LeakRule, Lifetime } from "../leak/rule.ts";
import { registerRuleHelp } from "../register/rule/help.ts";
import type { RuleHelp, RuleHelpLookup } from "../report/run-info.ts";
import { catalogueRule } from "./rule-catalogue.ts";

const lives: Record<Lifetime, string> = {
  long: "it works until somebody ends it",
  "long-expiring": "it works for weeks or months, until its end date",
  short: "it works for minutes or hours, but what issued it may still be open",
  none: "it does not expire",
};

/** In: all leak rules in force. Out: the look-up; rules that are not known give undefined. */
export function ruleHelpFor(rules: readonly LeakRule[]): RuleHelpLookup {
  const bySlug = new Map([...rules, genericRule].map((rule) => [`leak/${rule.id}`, rule]));
  const known = new Map<string, RuleHelp | undefined>();
  return (rule) => {
    const leak = bySlug.get(rule);
    if (leak !== undefined) return leakHelp(leak);
    if (!known.has(rule)) known.set(rule, otherHelp(rule));
    return known.get(rule);
  };
}

function otherHelp(id: string): RuleHelp | undefined {
  const known = catalogueRule(id);
  switch (known?.family) {
    case undefined:
      return undefined;
    case "keyless": {
      const { service, why, keyless, links } = known.rule;
      return {
        name: `Stored credential for ${service}`,
        why,
        revoke: `Instead: ${keyless.replacement}`,
        docs: links[0],
      };
    }
    case "workflow":
      return { name: known.rule.title, why: known.rule.why, revoke: "" };
    case "trust":
      return { name: known.rule.title, why: known.rule.why, revoke: known.rule.fix };
    case "upkeep":
      return (
        registerRuleHelp(id) ?? {
          name: known.rule.name,
          why: "An exception that nobody looks after hides findings.",
          revoke: "",
        }
      );
  }
}

function leakHelp(rule: LeakRule): RuleHelp {
  const whose = rule.provider === "Generic" ? "the system behind it" : rule.provider;
  return {
    name: rule.provider === "Generic" ? rule.name : `${rule.provider}: ${rule.name}`,
    why: `Whoever reads it can act at ${whose} as its owner; ${lives[rule.lifetime]}.`,
    revoke: rule.revoke.text,
    ...(rule.docs === undefined ? {} : { docs: rule.docs }),
    ...(rule.keyless === undefined ? {} : { keyless: rule.keyless }),
  };
}
