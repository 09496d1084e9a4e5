/** The rules this version ships: embedded in a bundle, read from `rules/` in a checkout. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LeaseholdError } from "../error.ts";
import { formats } from "../leak/format/registry.ts";
import { readNearTable } from "../leak/near-table.ts";
import type { LeakRule } from "../leak/rule.ts";
import { readRuleFile } from "../leak/rule-file.ts";
import { compileRules, type RuleSet } from "../leak/rule-set.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { readKeylessRule } from "../workflow/keyless-rule-file.ts";
import { embeddedKeyless, embeddedKeylessIds, embeddedRules } from "./embedded-rules.ts";
import { watched } from "./watched.ts";

const rulesFolder = (): string => fileURLToPath(new URL("../../rules", import.meta.url));

/** All leak rules. Throws LeaseholdError("config") when a rule file of a checkout is wrong. */
export function loadRules(): LeakRule[] {
  if (embeddedRules !== undefined) return JSON.parse(embeddedRules) as LeakRule[];
  return readRuleFolder(rulesFolder());
}

/** All keyless rules by id. Throws LeaseholdError("config") when a rule file of a checkout is wrong. */
export function loadKeylessRules(): KeylessRule[] {
  if (embeddedKeyless !== undefined) return JSON.parse(embeddedKeyless) as KeylessRule[];
  return readKeylessFolder(rulesFolder());
}

/** Ids of all keyless rules without their family. Reads no rule: a rule's file is called as the rule is. */
export function keylessIds(): readonly string[] {
  return embeddedKeylessIds ?? keylessNames(rulesFolder());
}

/** Rules of a rules folder: every `keyless/*.yml` by name. Throws LeaseholdError("config") also where a file is not called as its rule is. */
export function readKeylessFolder(folder: string): KeylessRule[] {
  return keylessNames(folder).map((name) => {
    const file = `rules/keyless/${name}.yml`;
    const rule = readKeylessRule(readFileSync(`${folder}/keyless/${name}.yml`, "utf8"), file);
    if (rule.id !== name)
      throw new LeaseholdError("config", `the file of the rule ${rule.id} must be called so`, { file });
    return rule;
  });
}

function keylessNames(folder: string): string[] {
  return readdirSync(`${folder}/keyless`)
    .flatMap((name) => (name.endsWith(".yml") ? [name.slice(0, -".yml".length)] : []))
    .sort();
}

/** Rules of a rules folder: every `leak/*.yml` by name, then the long-tail table. Each is compiled once to see that it is right. */
export function readRuleFolder(folder: string): LeakRule[] {
  const rules: LeakRule[] = [];
  const places = new Map<string, { file: string; line: number; column: number }>();
  for (const name of readdirSync(`${folder}/leak`).sort()) {
    if (!name.endsWith(".yml")) continue;
    const file = `rules/leak/${name}`;
    const read = readRuleFile(readFileSync(`${folder}/leak/${name}`, "utf8"), file);
    for (const rule of read.rules) {
      places.set(rule.id, read.placeOf(rule));
      rules.push(rule);
    }
  }
  const table = readNearTable(readFileSync(`${folder}/leak-near.tsv`, "utf8"), "rules/leak-near.tsv");
  const all = [...rules, ...table];
  compileRules(all, formats, (rule, offset) => {
    const place = places.get(rule.id);
    return place === undefined
      ? { file: `rules/leak-near.tsv (${rule.id})` }
      : { ...place, column: place.column + offset };
  });
  return all;
}

/** The rule set for a scan: what ships, and a policy's own detectors. */
export function loadRuleSet(detectors: readonly LeakRule[] = []): RuleSet {
  return compileRules([...loadRules(), ...detectors], formats, undefined, watched);
}
