/** One pass over the bytes of a blob: every place where a rule may apply becomes a hit or is refused on the spot. */
import { type BlobSearch, startSearch } from "./blob-search.ts";
import { readFormats } from "./format-hits.ts";
import { followKeyword } from "./keyword-hit.ts";
import { eachKeyword } from "./keyword-index.ts";
import type { RuleSet } from "./rule-set.ts";
import { tryRun } from "./run-value.ts";
import { eachRun } from "./runs.ts";

/** What one pass found; `overBudget`: the number of evaluations for this many bytes was spent before the end. */
export type Candidates = Pick<BlobSearch, "hits" | "mentions" | "runs"> & { overBudget: boolean };

/**
 * Collect hits in bytes.
 * In: the rules, the path (undefined while a history is scanned and paths are not known), the bytes. Pure; never throws on any bytes.
 */
export function collectHits(set: RuleSet, path: string | undefined, bytes: Uint8Array): Candidates {
  const search = startSearch(set, path, bytes);
  const { keywords, owners } = set;
  eachKeyword(keywords, bytes, 0, bytes.length, (keyword, start) => {
    const length = keywords.lengths[keyword]!;
    for (const owner of owners[keyword]!) followKeyword(search, owner, start, length);
  });
  eachRun(bytes, 0, bytes.length, (start, end) => tryRun(search, start, end));
  readFormats(search);
  const { hits, malformed, mentions, runs, left } = search;
  return {
    hits: hits.filter((hit) => hit.tier !== "generic" || !malformed.has(hit.start)),
    mentions,
    runs,
    overBudget: left < 0,
  };
}
