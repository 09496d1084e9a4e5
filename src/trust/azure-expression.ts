/**
 * Flexible federated identity credentials: `claims['sub'] matches '…' and claims['job_workflow_ref'] eq '…'`.
 * Source: Microsoft Entra, "Flexible federated identity credentials" (functional and syntax reference, language version 1).
 */
import { allOf, exactly, iamGlob, matchGlob, type Verdict } from "./glob.ts";
import type { Mention } from "./mention.ts";
import type { Claims } from "./token.ts";

/** One comparison; `start` and `end` are those of the value within the expression, quotes left out. */
export type FlexibleTest = { claim: string; operator: "matches" | "eq"; value: string; start: number; end: number };

const comparison = /\s*claims\[\s*(['"])([A-Za-z0-9_.-]{1,100})\1\s*\]\s+(matches|eq)\s+(['"])/y;
const conjunction = /\s+and(?=\s)/y;

/** Reads an expression; undefined for what is none. */
export function readFlexible(text: string): FlexibleTest[] | undefined {
  const tests: FlexibleTest[] = [];
  let at = 0;
  for (;;) {
    comparison.lastIndex = at;
    const match = comparison.exec(text);
    if (match === null) return undefined;
    const start = comparison.lastIndex;
    const end = text.indexOf(match[4]!, start);
    if (end < 0) return undefined;
    tests.push({ claim: match[2]!, operator: match[3] as "matches" | "eq", value: text.slice(start, end), start, end });
    if (text.slice(end + 1).trim() === "") return tests;
    conjunction.lastIndex = end + 1;
    if (conjunction.exec(text) === null || tests.length >= 50) return undefined;
    at = conjunction.lastIndex;
  }
}

/** Whether a token passes; a claim that it lacks does not match. */
export function flexibleVerdict(tests: readonly FlexibleTest[], claims: Claims): Verdict {
  return allOf(
    tests.map(({ claim, operator, value }) => {
      const actual = claims.get(claim);
      return actual === undefined ? "no" : matchGlob(value, actual, operator === "matches" ? iamGlob : exactly);
    }),
  );
}

/** What an expression compares, for candidates. */
export function flexibleMentions(tests: readonly FlexibleTest[]): Mention[] {
  return tests.map(({ claim, operator, value }) => ({
    claim,
    pattern: value,
    how: operator === "matches" ? "glob" : "exact",
  }));
}
