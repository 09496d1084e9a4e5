/** Regular expressions of policies, on a linear-time engine with the semantics of the services that run them (Go's regexp, RE2). */
import { RE2JS } from "re2js";
import type { Verdict } from "./glob.ts";
import { hole } from "./value.ts";

/** Whether an RE2 expression is found in a text, as CEL's `matches` searches. `unknown` for one that is not known or no RE2. */
export function searchVerdict(pattern: string, text: string): Verdict {
  const compiled = compilePattern(pattern);
  if (compiled === undefined) return "unknown";
  return compiled.matcher(text).find() ? "yes" : "no";
}

/** Whether an RE2 expression fits a whole text. `unknown` for one that is not known or no RE2. */
export function fullMatchVerdict(pattern: string, text: string): Verdict {
  const compiled = compilePattern(pattern);
  if (compiled === undefined) return "unknown";
  return compiled.matcher(text).matches() ? "yes" : "no";
}

const compiledPatterns = new Map<string, RE2JS | undefined>();

/** Longest pattern that is compiled, in UTF-16 units. */
const patternLimit = 2000;

function compilePattern(pattern: string): RE2JS | undefined {
  if (pattern.includes(hole) || pattern.length > patternLimit) return undefined;
  if (compiledPatterns.has(pattern)) return compiledPatterns.get(pattern);
  let compiled: RE2JS | undefined;
  try {
    compiled = RE2JS.compile(pattern);
  } catch {
    // Not RE2: the service refuses the policy too, but which part it refuses is not ours to guess.
    compiled = undefined;
  }
  if (compiledPatterns.size >= 500) compiledPatterns.clear();
  compiledPatterns.set(pattern, compiled);
  return compiled;
}
