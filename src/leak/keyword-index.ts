/**
 * Finds many keywords in bytes while looking at every second byte (the block search of Wu and Manber, 1994, with blocks of three
 * bytes and a fixed step of two). Each keyword gives its rarest four bytes; of any four bytes in a row, one of the two blocks is
 * looked at; a table of all blocks, with letter case and rare signs folded, tells which of them belong to a keyword.
 */
import { byteShare, pairShare } from "./pair-frequency.ts";

/** A keyword to find. */
export type Keyword = { bytes: Uint8Array; ignoreCase: boolean };

/** A built index; plain typed arrays, so that worker threads can share it. */
export type KeywordIndex = {
  /** For each block of three folded bytes, at which offsets (bits 0 and 1) of a keyword's window it stands. */
  blocks: Uint8Array;
  /** For a hash of four folded bytes, whether a keyword's window may have it. */
  windows: Uint8Array;
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

/** Bytes folded to six bits: letters without case, digits, the signs of source text; all else shares two values. */
const folded = foldTable();

function foldTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i < 256; i++) table[i] = 62 + (i & 1);
  for (let i = 0; i < 26; i++) table[97 + i] = table[65 + i] = i;
  for (let i = 0; i < 10; i++) table[48 + i] = 26 + i;
  [..." _-.:/=\"'@$~<>({[,;&?+|*#\n"].forEach((sign, i) => {
    table[sign.charCodeAt(0)] = 36 + i;
  });
  return table;
}

/** Build the index. Throws RangeError for a keyword of fewer than four bytes. */
export function buildKeywordIndex(keywords: readonly Keyword[]): KeywordIndex {
  const blocks = new Uint8Array(1 << 18);
  const windows = new Uint8Array(1 << 16);
  const byWindow = new Map<number, number[]>();
  const windowAt = new Uint16Array(keywords.length);
  const lengths = new Uint16Array(keywords.length);
  const textAt = new Uint32Array(keywords.length);
  const ignoreCase = new Uint8Array(keywords.length);
  const text = new Uint8Array(keywords.reduce((sum, k) => sum + k.bytes.length, 0));
  let used = 0;
  // The shortest have the least choice, so they go first; the others then take windows whose blocks are marked already.
  const order = keywords
    .map((_, k) => k)
    .sort((a, b) => keywords[a]!.bytes.length - keywords[b]!.bytes.length || a - b);
  for (const k of order) {
    const { bytes, ignoreCase: ignore } = keywords[k]!;
    if (bytes.length < shortestKeyword) throw new RangeError("a keyword has at least four bytes");
    let best = 0;
    let bestCost = Number.POSITIVE_INFINITY;
    for (let at = 0; at + 4 <= bytes.length; at++) {
      const cost = blockCost(blocks, bytes, at) + blockCost(blocks, bytes, at + 1);
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
    blocks[blockAt(bytes, best)]! |= 1;
    blocks[blockAt(bytes, best + 1)]! |= 2;
    const key = fold4(bytes, best);
    windows[windowHash((blockAt(bytes, best) << 6) | folded[bytes[best + 3]!]!)] = 1;
    const list = byWindow.get(key);
    if (list === undefined) byWindow.set(key, [k]);
    else list.push(k);
  }
  let size = 16;
  while (size < byWindow.size * 4) size <<= 1;
  const slots = new Int32Array(size);
  const slotLists = new Int32Array(size).fill(-1);
  const lists: number[] = [];
  for (const [key, list] of byWindow) {
    let slot = hash(key) & (size - 1);
    while (slotLists[slot]! >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = key;
    slotLists[slot] = lists.length;
    lists.push(...list, -1);
  }
  return {
    blocks,
    windows,
    slots,
    slotLists,
    lists: Int32Array.from(lists),
    windowAt,
    lengths,
    textAt,
    ignoreCase,
    text,
  };
}

/** Call `hit(keyword, start)` for every keyword that stands wholly in bytes [from, to), once each, roughly in order. */
export function eachKeyword(
  index: KeywordIndex,
  bytes: Uint8Array,
  from: number,
  to: number,
  hit: (keyword: number, start: number) => void,
): void {
  const hits: number[] = [];
  findKeywords(index, bytes, from, to, hits);
  for (let i = 0; i < hits.length; i += 2) hit(hits[i]!, hits[i + 1]!);
}

/**
 * Add keyword and start, one after the other, to `hits` for every keyword that stands wholly in bytes [from, to). It calls nothing of its
 * caller's on the way: a loop over every other byte is twice as fast when the compiler sees nothing else in it.
 */
function findKeywords(index: KeywordIndex, bytes: Uint8Array, from: number, to: number, hits: number[]): void {
  if (to - from < shortestKeyword) return;
  const { blocks, windows } = index;
  // A bundler may turn module constants into variables; a local one stays in a register.
  const fold = folded;
  const stop = to - 2;
  let first = fold[bytes[from]!]!;
  for (let i = from; i < stop; i += 2) {
    const last = fold[bytes[i + 2]!]!;
    const block = (first << 12) | (fold[bytes[i + 1]!]! << 6) | last;
    const offsets = blocks[block]!;
    // A marked block is looked at with the byte before or after it, before anything is called.
    if (
      offsets !== 0 &&
      (((offsets & 1) !== 0 && i + 3 < to && windows[windowHash((block << 6) | fold[bytes[i + 3]!]!)] === 1) ||
        ((offsets & 2) !== 0 && i > from && windows[windowHash((fold[bytes[i - 1]!]! << 18) | block)] === 1))
    ) {
      verify(index, bytes, from, to, i, offsets, hits);
    }
    first = last;
  }
}

/** Sixteen bits of four folded bytes. */
function windowHash(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> 16;
}

function verify(
  index: KeywordIndex,
  bytes: Uint8Array,
  from: number,
  to: number,
  i: number,
  offsets: number,
  hits: number[],
): void {
  const { slots, slotLists, lists, windowAt, lengths, textAt, ignoreCase, text } = index;
  const mask = slots.length - 1;
  for (let o = 0; o < 2; o++) {
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
        if (same === length) hits.push(k, start);
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

/** Three bytes folded to eighteen bits. */
export function blockAt(bytes: Uint8Array, at: number): number {
  return (folded[bytes[at]!]! << 12) | (folded[bytes[at + 1]!]! << 6) | folded[bytes[at + 2]!]!;
}

/** How much more often something will have to be looked at when this block is marked too. */
function blockCost(blocks: Uint8Array, bytes: Uint8Array, at: number): number {
  if (blocks[blockAt(bytes, at)] !== 0) return 0;
  // The chance of three bytes from those of their pairs (a Markov chain of order one).
  const middle = lower(bytes[at + 1]!);
  return (pairShare(lower(bytes[at]!), middle) * pairShare(middle, lower(bytes[at + 2]!))) / byteShare(middle);
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
