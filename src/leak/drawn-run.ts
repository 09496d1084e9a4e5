/** Tells at the bytes whether a run of token characters may have been drawn, before anything is decoded. */

/** Whether a run has what drawn text nearly always has: digits among letters, or letters that change case more often than words do. */
export function mayBeDrawn(bytes: Uint8Array, start: number, end: number): boolean {
  const kinds = byteKinds;
  let rises = 0;
  let mixes = 0;
  let previous = 0;
  for (let i = start; i < end; i++) {
    const kind = kinds[bytes[i]!]!;
    if (kind !== previous) {
      if (kind === 3 ? previous !== 0 : previous === 3 && kind !== 0) {
        if (++mixes >= 2) return true;
      } else if (kind === 2 && previous === 1) rises++;
      previous = kind;
    }
  }
  return rises >= 4 && rises * 6 >= end - start;
}

/** 1 for small letters, 2 for capitals, 3 for digits, 0 for the rest. */
export const byteKinds = Uint8Array.from({ length: 256 }, (_, c) =>
  c >= 97 && c <= 122 ? 1 : c >= 65 && c <= 90 ? 2 : c >= 48 && c <= 57 ? 3 : 0,
);

/** `sha512-…`: a lock file's integrity hashes are the most frequent drawn text there is. */
export function isIntegrityHash(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start] === 0x73 &&
    bytes[start + 1] === 0x68 &&
    bytes[start + 2] === 0x61 &&
    byteKinds[bytes[start + 3]!] === 3 &&
    (bytes[start + 4] === 0x2d || bytes[start + 6] === 0x2d)
  );
}
