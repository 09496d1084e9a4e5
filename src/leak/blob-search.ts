/** What is known while the bytes of one blob are searched. */
import type { Hit } from "./hit.ts";
import { latin1 } from "./matcher.ts";
import type { RuleSet } from "./rule-set.ts";

/** The state of one search. Its functions take it first and add to it. */
export type BlobSearch = {
  readonly set: RuleSet;
  /** Undefined while a history is scanned and paths are not known. */
  readonly path: string | undefined;
  readonly bytes: Uint8Array;
  readonly hits: Hit[];
  /** Which of the things that the rule set was asked to watch for are mentioned. */
  readonly mentions: Set<string>;
  /** The long runs that may be drawn or encoded: start, end, start, end, … */
  readonly runs: number[];
  /** Where the keywords of document formats stand, by format. */
  readonly formatHits: Map<number, number[]>;
  /** Where a value begins with a known mark but does not go on in that shape: no token of that provider, and none of another. */
  readonly malformed: Set<number>;
  /** Where values begin that the generic tier has judged: a word and a run may both lead to one. */
  readonly judged: Set<number>;
  /** Evaluations that are left; below zero nothing more is tried. */
  left: number;
  /** Set when more than the surroundings of a run was read: then nothing may be remembered of it. */
  contextRead: boolean;
  whole: string | undefined;
};

/** A search that has found nothing yet. */
export function startSearch(set: RuleSet, path: string | undefined, bytes: Uint8Array): BlobSearch {
  return {
    set,
    path,
    bytes,
    hits: [],
    mentions: new Set(),
    runs: [],
    formatHits: new Map(),
    malformed: new Set(),
    judged: new Set(),
    left: evaluationBudget(bytes.length),
    contextRead: false,
    whole: undefined,
  };
}

/** Evaluations allowed for a blob of this many bytes: far above what real files need, so that only hostile ones meet it. */
function evaluationBudget(length: number): number {
  return 20_000 + length / 4;
}

/** All bytes as a string of one char a byte, decoded once and only when asked for. */
export function textOf(search: BlobSearch): string {
  search.whole ??= latin1(search.bytes, 0, search.bytes.length);
  return search.whole;
}
