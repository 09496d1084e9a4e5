/** What `leasehold fix` needs of rules/: the keyless rules and the pins of common actions. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Pins, readPins } from "../fix/pin.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { readKeylessRule } from "../workflow/keyless-rule-file.ts";

export type FixRules = { keyless: KeylessRule[]; pins: Pins };

/** Reads them from a rules folder. Throws LeaseholdError("config") when a file is wrong. */
export function readFixRules(folder: string): FixRules {
  const keyless = readdirSync(`${folder}/keyless`)
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => readKeylessRule(readFileSync(`${folder}/keyless/${name}`, "utf8"), `rules/keyless/${name}`));
  return { keyless, pins: readPins(readFileSync(`${folder}/actions.yml`, "utf8"), "rules/actions.yml") };
}

/** Those of this checkout. */
export function loadFixRules(): FixRules {
  return readFixRules(fileURLToPath(new URL("../../rules", import.meta.url)));
}
