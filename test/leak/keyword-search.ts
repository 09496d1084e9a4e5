/** The two ways to search for keywords, as functions of the same form, and the slow way that both are held against. */
import { buildAutomaton, walk } from "../../src/leak/automaton.ts";
import { buildKeywordIndex, eachKeyword, type Keyword } from "../../src/leak/keyword-index.ts";

/** In: keywords, the bytes, the part of them to search. Out: `keyword@start` for each hit, sorted. */
export type Search = (keywords: readonly Keyword[], bytes: Uint8Array, from?: number, to?: number) => string[];

/** A keyword of a text, one char a byte. */
export function keyword(text: string, ignoreCase = false): Keyword {
  return { bytes: Buffer.from(text, "latin1"), ignoreCase };
}

export const byIndex: Search = (keywords, bytes, from = 0, to = bytes.length) => {
  const hits: string[] = [];
  eachKeyword(buildKeywordIndex(keywords), bytes, from, to, (found, start) => hits.push(`${found}@${start}`));
  return hits.sort();
};

/** The automaton knows letters in either case only. */
export const byAutomaton: Search = (keywords, bytes, from = 0, to = bytes.length) => {
  const hits: string[] = [];
  const all = keywords.map((one) => one.bytes);
  walk(buildAutomaton(all), bytes, from, to, (found, end) => hits.push(`${found}@${end - all[found]!.length}`));
  return hits.sort();
};

/** Every keyword at every offset. */
export const slowly: Search = (keywords, bytes, from = 0, to = bytes.length) => {
  const hits: string[] = [];
  keywords.forEach(({ bytes: wanted, ignoreCase }, index) => {
    for (let start = from; start + wanted.length <= to; start++) {
      if (wanted.every((b, i) => bytes[start + i] === b || (ignoreCase && folded(bytes[start + i]!) === folded(b))))
        hits.push(`${index}@${start}`);
    }
  });
  return hits.sort();
};

function folded(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
