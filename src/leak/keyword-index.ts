/**
 * Finds many keywords in bytes while looking at one pair of bytes in three (the block search of Wu and Manber, 1994, with a
 * fixed step). Each keyword gives its rarest four bytes; of any four bytes in a row, one of the three pairs is looked at;
 * a table of all pairs tells which of them belong to a keyword.
 */

import { pairShare } from "./pair-frequency.ts";

/** A keyword to find. */
export type Keyword = { bytes: Uint8Array; ignoreCase: boolean };

/** A built index; plain typed arrays, so that worker threads can share it. */
export type KeywordIndex = {
  /** For each pair of bytes, at which offsets (bits 0 to 2) of a keyword's window it stands. */
  pairs: Uint8Array;
  /** Open-addressed table from the folded four bytes of a window to a list. */
  slots: Int32Array;
  slotLists: Int32Array;
  /** Keyword numbers, lists ended by -1. */
  lists: Int32Array;
  /** Of each keyword: offset of its window, its length, where its bytes begin in `text`, whether letter case is ignored. */
  windowAt: Uint16Array;
  lengths: Uint16Array;
  textAt: Uint32Array;
  ignoreCase: Uint8Array;
  text: Uint8Array;
};

/** Keywords are this long or longer. */
export const shortestKeyword = 4;
const step = 3;

/** Build the index. Throws RangeError for a keyword of fewer than four bytes. */
export function buildKeywordIndex(keywords: readonly Keyword[]): KeywordIndex {
  const pairs = new Uint8Array(65536);
  const windows = new Map<number, number[]>();
  const windowAt = new Uint16Array(keywords.length);
  const lengths = new Uint16Array(keywords.length);
  const textAt = new Uint32Array(keywords.length);
  const ignoreCase = new Uint8Array(keywords.length);
  const text = new Uint8Array(keywords.reduce((sum, k) => sum + k.bytes.length, 0));
  let used = 0;
  // The shortest have the least choice, so they go first; the others then take windows whose pairs are marked already.
  const order = keywords
    .map((_, k) => k)
    .sort((a, b) => keywords[a]!.bytes.length - keywords[b]!.bytes.length || a - b);
  for (const k of order) {
    const { bytes, ignoreCase: ignore } = keywords[k]!;
    if (bytes.length < shortestKeyword) throw new RangeError("a keyword has at least four bytes");
    let best = 0;
    let bestCost = Number.POSITIVE_INFINITY;
    for (let at = 0; at + 4 <= bytes.length; at++) {
      let cost = 0;
      for (let o = 0; o < step; o++)
        eachPair(bytes, at + o, ignore, (a, b) => (cost += pairs[(a << 8) | b] === 0 ? pairShare(a, b) : 0));
      if (cost < bestCost) {
        bestCost = cost;
        best = at;
      }
    }
    windowAt[k] = best;
    lengths[k] = bytes.length;
    textAt[k] = used;
    ignoreCase[k] = ignore ? 1 : 0;
    text.set(bytes, used);
    used += bytes.length;
    for (let o = 0; o < step; o++) eachPair(bytes, best + o, ignore, (a, b) => (pairs[(a << 8) | b]! |= 1 << o));
    const key = fold4(bytes, best);
    const list = windows.get(key);
    if (list === undefined) windows.set(key, [k]);
    else list.push(k);
  }
  let size = 16;
  while (size < windows.size * 4) size <<= 1;
  const slots = new Int32Array(size);
  const slotLists = new Int32Array(size).fill(-1);
  const lists: number[] = [];
  for (const [key, list] of windows) {
    let slot = hash(key) & (size - 1);
    while (slotLists[slot]! >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = key;
    slotLists[slot] = lists.length;
    lists.push(...list, -1);
  }
  return { pairs, slots, slotLists, lists: Int32Array.from(lists), windowAt, lengths, textAt, ignoreCase, text };
}

/** Call `hit(keyword, start)` for every keyword that stands wholly in bytes [from, to), once each, roughly in order. */
export function eachKeyword(
  index: KeywordIndex,
  bytes: Uint8Array,
  from: number,
  to: number,
  hit: (keyword: number, start: number) => void,
): void {
  const { pairs } = index;
  const stop = to - 1;
  for (let i = from; i < stop; i += step) {
    const here = pairs[(bytes[i]! << 8) | bytes[i + 1]!]!;
    if (here === 0) continue;
    // The pairs of a window stand in a row, so a neighbour must be marked for the next place in it.
    const next = pairs[(bytes[i + 1]! << 8) | bytes[i + 2]!]!;
    const previous = i === from ? 0 : pairs[(bytes[i - 1]! << 8) | bytes[i]!]!;
    const offsets = (here & (next >> 1) & 3) | (here & (previous << 1) & 4);
    if (offsets !== 0) verify(index, bytes, from, to, i, offsets, hit);
  }
}

function verify(
  index: KeywordIndex,
  bytes: Uint8Array,
  from: number,
  to: number,
  i: number,
  offsets: number,
  hit: (keyword: number, start: number) => void,
): void {
  const { slots, slotLists, lists, windowAt, lengths, textAt, ignoreCase, text } = index;
  const mask = slots.length - 1;
  for (let o = 0; o < step; o++) {
    if ((offsets & (1 << o)) === 0) continue;
    const window = i - o;
    if (window < from || window + 4 > to) continue;
    const key = fold4(bytes, window);
    for (let slot = hash(key) & mask; slotLists[slot]! >= 0; slot = (slot + 1) & mask) {
      if (slots[slot] !== key) continue;
      for (let l = slotLists[slot]!; lists[l]! >= 0; l++) {
        const k = lists[l]!;
        const start = window - windowAt[k]!;
        const length = lengths[k]!;
        if (start < from || start + length > to) continue;
        let same = 0;
        const base = textAt[k]!;
        while (same < length && equal(bytes[start + same]!, text[base + same]!, ignoreCase[k] === 1)) same++;
        if (same === length) hit(k, start);
      }
      break;
    }
  }
}

function equal(a: number, b: number, ignoreCase: boolean): boolean {
  return a === b || (ignoreCase && (a | 32) === (b | 32) && (a | 32) >= 97 && (a | 32) <= 122);
}

function fold4(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24) | 0x20202020;
}

function hash(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 15;
}

/** The pair at an offset, in every spelling that counts. */
function eachPair(bytes: Uint8Array, at: number, ignoreCase: boolean, found: (a: number, b: number) => void): void {
  for (const a of cases(bytes[at]!, ignoreCase)) for (const b of cases(bytes[at + 1]!, ignoreCase)) found(a, b);
}

function cases(byte: number, ignoreCase: boolean): number[] {
  const letter = (byte | 32) >= 97 && (byte | 32) <= 122;
  return ignoreCase && letter ? [byte | 32, byte & ~32] : [byte];
}
