/** Names against the patterns of keyless rules. */
import { wordsFit, wordsOf } from "../workflow/keyless/name-pattern.ts";

/** Whether a name of an input or a variable fits one of the patterns; no patterns fit nothing. */
export function fitsAny(patterns: readonly string[] | undefined, name: string): boolean {
  return (patterns ?? []).some((pattern) => wordsFit(wordsOf(pattern), wordsOf(name)));
}
