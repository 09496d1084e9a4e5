/** Contents above this many bytes are delivered in pieces, so that memory stays bounded at any size. */
export const wholeLimit = 32 * 1024 * 1024;
/** How many bytes each piece adds. */
export const pieceSize = 8 * 1024 * 1024;
/** How many bytes of the piece before stand at a piece's start, so that nothing is cut in two. */
export const pieceOverlap = 64 * 1024;

/** A content, or a part of one. */
export type Piece = {
  /** Valid only during the call that delivers it: the memory is used again. */
  bytes: Buffer;
  /** Where `bytes` starts in the content, in bytes; 0 for a whole content. */
  offset: number;
  /** How many line breaks (0x0A) stand before `bytes` in the content. */
  line: number;
  /** Whether the content ends with this piece. `offset === 0 && last`: it is the whole content. */
  last: boolean;
};

/** Cuts a content of any length into pieces. */
export type PieceCutter = {
  /** Take the next bytes of the content. */
  push(chunk: Uint8Array): void;
  /** Deliver what is left; the cutter is then ready for the next content. */
  end(): void;
};

/**
 * In: who gets the pieces. Out: a cutter that holds one piece at a time.
 * Each piece after the first starts with the last `pieceOverlap` bytes of the one before: a consumer drops what it has seen
 * at an absolute offset already.
 */
export function pieceCutter(deliver: (piece: Piece) => void): PieceCutter {
  let buffer: Buffer | undefined;
  let filled = 0;
  let offset = 0;
  let line = 0;
  function flush(last: boolean): void {
    deliver({ bytes: (buffer ?? Buffer.alloc(0)).subarray(0, filled), offset, line, last });
  }
  return {
    push(chunk) {
      buffer ??= Buffer.allocUnsafeSlow(pieceSize + pieceOverlap);
      let at = 0;
      while (at < chunk.length) {
        if (filled === buffer.length) {
          flush(false);
          const kept = filled - pieceOverlap;
          line += countLineBreaks(buffer, kept);
          buffer.copyWithin(0, kept, filled);
          offset += kept;
          filled = pieceOverlap;
        }
        const taken = Math.min(chunk.length - at, buffer.length - filled);
        buffer.set(chunk.subarray(at, at + taken), filled);
        at += taken;
        filled += taken;
      }
    },
    end() {
      flush(true);
      filled = 0;
      offset = 0;
      line = 0;
    },
  };
}

/** How many bytes 0x0A stand in the first `length` bytes. */
export function countLineBreaks(bytes: Buffer, length: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1 && at < length; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
