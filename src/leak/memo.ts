/**
 * Remembers stretches of text in which nothing was found, so that the many versions of a file in a history are not judged anew.
 * The bytes themselves are kept and compared, so a stretch is never taken for another. Fixed memory, nothing leaves the process.
 */

/** Longest stretch that is remembered, in bytes. */
export const longestStretch = 640;

const entries = 1 << 14;

/** A direct-mapped table of stretches. */
export type Memo = { slab: Uint8Array; lengths: Uint16Array; fronts: Uint16Array };

/** An empty memo; about 10 MB once it is used. */
export function createMemo(): Memo {
  return {
    slab: new Uint8Array(entries * longestStretch),
    lengths: new Uint16Array(entries),
    fronts: new Uint16Array(entries),
  };
}

/**
 * Where a stretch would be kept.
 * In: bytes [from, to), at most `longestStretch` of them. Out: an entry for `knows` and `remember`.
 */
export function entryOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i += 3) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & (entries - 1);
}

/** Whether an entry holds just this stretch; `front`: how much of it stands before the place that was judged. */
export function knows(memo: Memo, entry: number, bytes: Uint8Array, from: number, to: number, front: number): boolean {
  if (memo.lengths[entry] !== to - from || memo.fronts[entry] !== front) return false;
  const base = entry * longestStretch;
  for (let i = from; i < to; i++) if (memo.slab[base + i - from] !== bytes[i]) return false;
  return true;
}

/** Keep a stretch in place of what the entry held. */
export function remember(memo: Memo, entry: number, bytes: Uint8Array, from: number, to: number, front: number): void {
  memo.slab.set(bytes.subarray(from, to), entry * longestStretch);
  memo.lengths[entry] = to - from;
  memo.fronts[entry] = front;
}
