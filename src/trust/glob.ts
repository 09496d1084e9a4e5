/** Patterns with `*` and `?`, matched in linear memory and without backtracking over more than the last star. */
import { hole } from "./value.ts";

/** Three answers: what cannot be worked out is `unknown`, never a no. */
export type Verdict = "yes" | "no" | "unknown";

/** How a value of a policy is compared. `one`: whether `?` stands for one character (IAM, Entra) or for itself (Vault's go-glob). */
export type GlobRules = { star: boolean; one: boolean };

/** IAM's StringLike and Entra's `matches`: `*` any run of characters, also none and also `/`; `?` exactly one. */
export const iamGlob: GlobRules = { star: true, one: true };
/** Vault's `glob`: only `*`. */
export const vaultGlob: GlobRules = { star: true, one: false };
/** Every character is itself. */
export const exactly: GlobRules = { star: false, one: false };

/**
 * Whether a value fits a pattern. A hole in the pattern may stand for anything, wildcards included: then the answer is
 * `no` where even that cannot fit, else `unknown`.
 */
export function matchGlob(pattern: string, value: string, rules: GlobRules): Verdict {
  if (!pattern.includes(hole)) {
    const fits = rules.star || rules.one ? fitsGlob(pattern, value, rules) : pattern === value;
    return fits ? "yes" : "no";
  }
  return fitsGlob(pattern, value, rules) ? "unknown" : "no";
}

/** Greedy match that goes back only to the last star: at most pattern × value steps. */
function fitsGlob(pattern: string, value: string, rules: GlobRules): boolean {
  const isStar = (unit: string): boolean => unit === hole || (rules.star && unit === "*");
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const unit = pattern[inPattern];
    if (unit !== undefined && isStar(unit)) {
      star = inPattern++;
      resume = at;
    } else if (unit !== undefined && ((rules.one && unit === "?") || unit === value[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (inPattern < pattern.length && isStar(pattern[inPattern]!)) inPattern++;
  return inPattern === pattern.length;
}

/** All of several answers. */
export function allOf(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = "yes";
  for (const verdict of verdicts) {
    if (verdict === "no") return "no";
    if (verdict === "unknown") result = "unknown";
  }
  return result;
}

/** Any of several answers. */
export function anyOf(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = "no";
  for (const verdict of verdicts) {
    if (verdict === "yes") return "yes";
    if (verdict === "unknown") result = "unknown";
  }
  return result;
}

/** The opposite; unknown stays unknown. */
export function notOf(verdict: Verdict): Verdict {
  return verdict === "unknown" ? "unknown" : verdict === "yes" ? "no" : "yes";
}
