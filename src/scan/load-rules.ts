/** The rules this version ships: embedded in a bundle, read from `rules/` in a checkout. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formats } from "../leak/format/registry.ts";
import { readNearTable } from "../leak/near-table.ts";
import type { LeakRule } from "../leak/rule.ts";
import { readRuleFile } from "../leak/rule-file.ts";
import { compileRules, type RuleSet } from "../leak/rule-set.ts";
import { embeddedRules } from "./embedded-rules.ts";

/** All leak rules. Throws LeaseholdError("config") when a rule file of a checkout is wrong. */
export function loadRules(): LeakRule[] {
  if (embeddedRules !== undefined) return JSON.parse(embeddedRules) as LeakRule[];
  return readRuleFolder(fileURLToPath(new URL("../../rules", import.meta.url)));
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
  return compileRules([...loadRules(), ...detectors], formats);
}
