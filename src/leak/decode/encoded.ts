/** Text that stands encoded in a text: base64, hex, percent escapes, JSON and JavaScript escapes, HTML entities. */

import { alphabetSpans } from "./alphabet-runs.ts";
import { type Encoded, minDecodedBytes } from "./encoding.ts";
import { escapeSpans } from "./escapes.ts";

/** The share of printable ASCII that makes decoded bytes text. */
const printableShare = 0.8;

/**
 * Where `findEncoded` would find something: the cheap test that every blob passes through.
 * In: the bytes, and the runs of letters, digits and `+/-_` in them, when the caller knows them. Out: ranges of candidates, ascending and disjoint; empty for nearly all source files.
 */
export function encodedRuns(bytes: Uint8Array, runs?: ArrayLike<number>): Array<[number, number]> {
  const ranges: Array<[number, number]> = [];
  for (const span of [...alphabetSpans(bytes, runs), ...escapeSpans(bytes)].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last !== undefined && span.start <= last[1]) last[1] = Math.max(last[1], span.end);
    else ranges.push([span.start, span.end]);
  }
  return ranges;
}

/** The encoded texts in bytes [from, to), decoded. In: the bytes and the bounds, as `encodedRuns` gave them. */
export function* findEncoded(all: Uint8Array, from: number, to: number): Generator<Encoded> {
  const bytes = Buffer.from(all.buffer, all.byteOffset + from, to - from);
  for (const span of [...alphabetSpans(bytes), ...escapeSpans(bytes)].sort((a, b) => a.start - b.start)) {
    const decoded = span.decode();
    if (decoded === undefined || decoded.bytes.length < minDecodedBytes || !isText(decoded.bytes)) continue;
    const { toSource } = decoded;
    const found: Encoded = {
      ...decoded,
      start: from + span.start,
      end: from + span.end,
      toSource: (offset) => from + toSource(offset),
    };
    if (span.cut) found.cut = true;
    yield found;
  }
}

function isText(bytes: Uint8Array): boolean {
  let printable = 0;
  for (const byte of bytes) if ((byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9) printable++;
  return printable >= bytes.length * printableShare;
}
