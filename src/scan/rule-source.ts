/** Where the rules of this version come from: the folder `rules` of a checkout. The bundler replaces this module by one that holds them. */
import { fileURLToPath } from "node:url";
import type { LeakRule } from "../leak/rule.ts";
import type { SearchTables } from "../leak/rule-set.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { keylessNames, readKeylessFolder, readLeakFolder } from "./rule-folder.ts";

/** Whether this is a bundle, in which everything is one file. */
export const bundled: boolean = false;

const folder = (): string => fileURLToPath(new URL("../../rules", import.meta.url));

/** All leak rules, and the tables of their searches. Throws LeaseholdError("config") when a rule file is wrong. */
export function sourceLeakRules(): { rules: LeakRule[]; tables: () => SearchTables } {
  const { rules, tables } = readLeakFolder(folder());
  return { rules, tables: () => tables };
}

/** All keyless rules by id. Throws LeaseholdError("config") when a rule file is wrong. */
export function sourceKeylessRules(): KeylessRule[] {
  return readKeylessFolder(folder());
}

/** Ids of all keyless rules without their family. */
export function sourceKeylessIds(): readonly string[] {
  return keylessNames(folder());
}
