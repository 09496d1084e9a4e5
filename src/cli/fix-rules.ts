/** What `leasehold fix` needs of rules/: the keyless rules and the pins of common actions. */
import { readFileSync } from "node:fs";
import { type Pins, readPins } from "../fix/pin.ts";
import { shippedKeylessRules } from "../scan/keyless-index.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { embeddedPins } from "./embedded-pins.ts";

export type FixRules = { keyless: readonly KeylessRule[]; pins: Pins };

/** Those of this version. Throws LeaseholdError("config") when a file of a checkout is wrong. */
export function loadFixRules(): FixRules {
  const pins = embeddedPins ?? readFileSync(new URL("../../rules/actions.yml", import.meta.url), "utf8");
  return { keyless: shippedKeylessRules(), pins: readPins(pins, "rules/actions.yml") };
}
