/** Patterns that users write under `detectors:`: RE2 syntax on a linear-time engine, tried only round a keyword. */
import { RE2JS } from "re2js";
import { LeaseholdError } from "../error.ts";
import type { LeakRule } from "./rule.ts";

/** How many bytes round the keyword a pattern may see, to each side. */
export const patternReach = 256;

/** A compiled pattern: the first match in a window, as offsets into it. The first group is the secret, if there is one. */
export type UserPattern = (window: string) => { start: number; end: number } | undefined;

/**
 * Compile the pattern of a rule.
 * Throws LeaseholdError("config") when there is no keyword of four characters or more, or the pattern is no RE2 expression.
 */
export function userPattern(
  rule: LeakRule,
  sourceOf: (rule: LeakRule, offset: number) => { file: string; line?: number; column?: number },
): UserPattern {
  if (rule.keyword === undefined || rule.keyword.length === 0 || rule.keyword.some((k) => k.length < 4)) {
    throw new LeaseholdError(
      "config",
      `rule ${rule.id}: a pattern needs "keyword": literals of four characters or more, one of which every match has close by`,
      sourceOf(rule, 0),
    );
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(rule.pattern!);
  } catch (error) {
    throw new LeaseholdError(
      "config",
      `rule ${rule.id}: the pattern is no RE2 expression: ${(error as Error).message}`,
      sourceOf(rule, 0),
    );
  }
  return (window) => {
    const matcher = compiled.matcher(window);
    if (!matcher.find()) return undefined;
    const group = matcher.groupCount() >= 1 && matcher.start(1) >= 0 ? 1 : 0;
    return { start: matcher.start(group), end: matcher.end(group) };
  };
}
