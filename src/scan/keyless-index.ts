/** The keyless rules of this version, read and arranged once a thread, when the first workflow that uses a secret is met. */
import { type KeylessRules, keylessRules } from "../workflow/keyless/rule-index.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { sourceKeylessRules } from "./rule-source.ts";

let rules: readonly KeylessRule[] | undefined;
let index: KeylessRules | undefined;

/** By id. Throws as `sourceKeylessRules`. */
export function shippedKeylessRules(): readonly KeylessRule[] {
  rules ??= sourceKeylessRules();
  return rules;
}

/** The same made ready for `findStaticCredentials`. */
export function keylessIndex(): KeylessRules {
  index ??= keylessRules(shippedKeylessRules());
  return index;
}
