/**
 * Patterns of names: words joined by `_`, with `*` for any number of words. `NPM_TOKEN`, `npm-token`, `npmToken` and `npm.token` are the
 * same words, so one pattern serves env variables, inputs and secrets.
 */

import { remembered } from "../remembered.ts";
import { matchesGlob } from "./glob.ts";

/** The words of a name in lower case: split at every character that is no letter or digit, and where a capital begins a word. */
export const wordsOf: (name: string) => readonly string[] = remembered((name) => {
  // One pass by hand: all names of all rules go through here before the first file is read.
  const words: string[] = [];
  let from = -1;
  let previous: CharacterKind = "other";
  for (let at = 0; at < name.length; at++) {
    const kind = kindAt(name, at);
    const begins =
      kind === "upper" &&
      (previous === "lower" || previous === "digit" || (previous === "upper" && kindAt(name, at + 1) === "lower"));
    if (from >= 0 && (kind === "other" || begins)) {
      words.push(name.slice(from, at).toLowerCase());
      from = -1;
    }
    if (from < 0 && kind !== "other") from = at;
    previous = kind;
  }
  if (from >= 0) words.push(name.slice(from).toLowerCase());
  return words;
});

type CharacterKind = "lower" | "upper" | "digit" | "star" | "other";

function kindAt(text: string, at: number): CharacterKind {
  const code = text.charCodeAt(at);
  if (code >= 97 && code <= 122) return "lower";
  if (code >= 65 && code <= 90) return "upper";
  if (code >= 48 && code <= 57) return "digit";
  return code === 42 ? "star" : "other";
}

/** A word without the number at its end. */
export function withoutNumber(word: string): string {
  let end = word.length;
  while (end > 0 && kindAt(word, end - 1) === "digit") end--;
  return end === word.length ? word : word.slice(0, end);
}

/** One word against a word of a pattern. A number behind the word does not count: `TOKEN2` is a `TOKEN`. */
function wordFits(pattern: string, word: string): boolean {
  if (pattern === word) return true;
  if (pattern.includes("*")) return matchesGlob(pattern, word);
  return word.startsWith(pattern) && isDigits(word, pattern.length);
}

function isDigits(word: string, from: number): boolean {
  for (let at = from; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Whether words fit the words of a pattern, of which `*` alone stands for any number. */
export function wordsFit(pattern: readonly string[], words: readonly string[]): boolean {
  let at = 0;
  let to = 0;
  let star = -1;
  let retry = 0;
  while (to < words.length) {
    const want = pattern[at];
    if (want === "*") {
      star = at++;
      retry = to;
    } else if (want !== undefined && wordFits(want, words[to] as string)) {
      at++;
      to++;
    } else if (star >= 0) {
      at = star + 1;
      to = ++retry;
    } else {
      // A last word of digits only is a counter: `GH_PAT_2`.
      return at === pattern.length && at > 0 && words.slice(to).every((word) => isDigits(word, 0));
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** A pattern that fits a name: what was filed under it, how many characters it names, and whether it ends open (`X_*`). */
export type NameHit<T> = { filed: T; weight: number; open: boolean };

type Filed<T> = { pattern: readonly string[]; hit: NameHit<T> };

/** Patterns filed by one of their words, so that a name is held against few of them. */
export type NameIndex<T> = { byWord: Map<string, Filed<T>[]>; loose: Filed<T>[]; known: Map<string, NameHit<T>[]> };

export function nameIndex<T>(entries: Iterable<readonly [pattern: string, filed: T]>): NameIndex<T> {
  const index: NameIndex<T> = { byWord: new Map(), loose: [], known: new Map() };
  for (const [text, filed] of entries) {
    const pattern = wordsOf(text);
    const weight = pattern.reduce((sum, word) => sum + word.replaceAll("*", "").length, 0);
    const entry = { pattern, hit: { filed, weight, open: pattern.at(-1) === "*" } };
    const exact = pattern.filter((word) => !word.includes("*"));
    const key = exact.reduce((best, word) => (word.length > best.length ? word : best), "");
    const list = key === "" ? index.loose : index.byWord.get(key);
    if (list === undefined) index.byWord.set(key, [entry]);
    else list.push(entry);
  }
  return index;
}

/** Everything filed under a pattern that fits the name. */
export function hitsOf<T>(index: NameIndex<T>, name: string): readonly NameHit<T>[] {
  const known = index.known.get(name);
  if (known !== undefined) return known;
  const words = wordsOf(name);
  const keys = new Set<string>();
  for (const word of words) keys.add(word).add(withoutNumber(word));
  const hits = [...keys]
    .flatMap((word) => index.byWord.get(word) ?? [])
    .concat(index.loose)
    .filter(({ pattern }) => wordsFit(pattern, words))
    .map(({ hit }) => hit);
  index.known.set(name, hits);
  return hits;
}
