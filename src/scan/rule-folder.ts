/** Reads the rule files of a folder: what a checkout does at each start and the bundler once for all. */
import { readdirSync, readFileSync } from "node:fs";
import { LeaseholdError } from "../error.ts";
import { formats } from "../leak/format/registry.ts";
import { readNearTable } from "../leak/near-table.ts";
import type { LeakRule } from "../leak/rule.ts";
import { readRuleFile } from "../leak/rule-file.ts";
import { type SearchTables, searchTables } from "../leak/rule-set.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { readKeylessRule } from "../workflow/keyless-rule-file.ts";
import { watched } from "./watched.ts";

/** Every `leak/*.yml` by name, then the long-tail table; and the tables of their searches, which only rules that are right have. */
export function readLeakFolder(folder: string): { rules: LeakRule[]; tables: SearchTables } {
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
  const placeOf = (rule: LeakRule, offset: number) => {
    const place = places.get(rule.id);
    return place === undefined
      ? { file: `rules/leak-near.tsv (${rule.id})` }
      : { ...place, column: place.column + offset };
  };
  return { rules: all, tables: searchTables(all, formats, placeOf, watched) };
}

/** Every `keyless/*.yml` by name. Throws LeaseholdError("config") also where a file is not called as its rule is. */
export function readKeylessFolder(folder: string): KeylessRule[] {
  return keylessNames(folder).map((name) => {
    const file = `rules/keyless/${name}.yml`;
    const rule = readKeylessRule(readFileSync(`${folder}/keyless/${name}.yml`, "utf8"), file);
    if (rule.id !== name)
      throw new LeaseholdError("config", `the file of the rule ${rule.id} must be called so`, { file });
    return rule;
  });
}

/** Ids of all keyless rules without their family. Reads no rule: a rule's file is called as the rule is. */
export function keylessNames(folder: string): string[] {
  return readdirSync(`${folder}/keyless`)
    .flatMap((name) => (name.endsWith(".yml") ? [name.slice(0, -".yml".length)] : []))
    .sort();
}
