/** Text in UTF-16 and UTF-32, made UTF-8 so that byte rules apply to it, with the way back to the source's offsets. */

export type CharsetName = "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/** The text of a file as UTF-8. */
export type DecodedCharset = {
  encoding: CharsetName;
  bytes: Uint8Array;
  /** The source offset of the character that byte `offset` of `bytes` belongs to; the length maps to the source's length. */
  toSource: (offset: number) => number;
};

/** How much of a file without a byte order mark is looked at. */
const sampleLength = 1024;

/** UTF-8 bytes between two remembered offsets. */
const stride = 512;

/**
 * Decode a file in UTF-16 or UTF-32.
 * In: the file. Out: undefined for everything else, after a look at no more than its first 16 bytes unless they hold NUL bytes
 * as such text does.
 */
export function decodeCharset(bytes: Uint8Array): DecodedCharset | undefined {
  const found = byMark(bytes) ?? byPattern(bytes);
  if (found === undefined) return undefined;
  const { encoding, from } = found;
  const width = encoding.startsWith("utf-32") ? 4 : 2;
  const usable = bytes.subarray(from, bytes.length - ((bytes.length - from) % width));
  const text = width === 4 ? textOf32(usable, encoding === "utf-32be") : textOf16(usable, encoding === "utf-16be");
  const utf8 = Buffer.from(text, "utf8");
  return { encoding, bytes: utf8, toSource: sourceMap(utf8, from, width) };
}

type Found = { encoding: CharsetName; from: number };

function byMark(bytes: Uint8Array): Found | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? { encoding: "utf-32le", from: 4 } : { encoding: "utf-16le", from: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", from: 2 };
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? { encoding: "utf-32be", from: 4 } : undefined;
}

/** By where NUL bytes stand: in text of mostly ASCII, at every second byte, or at three of four. */
function byPattern(bytes: Uint8Array): Found | undefined {
  if (bytes.length < 16) return undefined;
  let early = 0;
  for (let i = 0; i < 16; i++) if (bytes[i] === 0) early++;
  if (early < 4) return undefined;
  const length = Math.min(bytes.length, sampleLength) & ~3;
  const nul: [number, number, number, number] = [0, 0, 0, 0];
  let printable = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0) nul[(i & 3) as 0 | 1 | 2 | 3]++;
    else if ((byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9) printable++;
  }
  const quads = length / 4;
  const most = quads * 0.6;
  const few = quads * 0.05;
  const [a, b, c, d] = nul;
  if (b >= most && c >= most && d >= most && a <= few)
    return printable >= quads * 0.6 ? { encoding: "utf-32le", from: 0 } : undefined;
  if (a >= most && b >= most && c >= most && d <= few)
    return printable >= quads * 0.6 ? { encoding: "utf-32be", from: 0 } : undefined;
  if (printable < quads * 1.2) return undefined;
  if (b >= most && d >= most && a <= few && c <= few) return { encoding: "utf-16le", from: 0 };
  if (a >= most && c >= most && b <= few && d <= few) return { encoding: "utf-16be", from: 0 };
  return undefined;
}

function textOf16(bytes: Uint8Array, bigEndian: boolean): string {
  const copy = bigEndian ? Buffer.from(bytes).swap16() : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return copy.toString("utf16le");
}

function textOf32(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: string[] = [];
  let part: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, !bigEndian);
    part.push(point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0xfffd : point);
    if (part.length === 4096) {
      parts.push(String.fromCodePoint(...part));
      part = [];
    }
  }
  parts.push(String.fromCodePoint(...part));
  return parts.join("");
}

/** Offsets back: a character of four UTF-8 bytes takes four source bytes, every other one `width`. */
function sourceMap(utf8: Uint8Array, from: number, width: number): (offset: number) => number {
  let marks: Uint32Array | undefined;
  const advance = (start: number, to: number, at: number): number => {
    let source = at;
    for (let i = start; i < to; i++) {
      const byte = utf8[i] ?? 0;
      if ((byte & 0xc0) !== 0x80) source += byte >= 0xf0 ? 4 : width;
    }
    return source;
  };
  return (offset) => {
    if (marks === undefined) {
      marks = new Uint32Array(Math.floor(utf8.length / stride) + 1);
      for (let i = 0, source = from; i < marks.length; i++) {
        marks[i] = source;
        source = advance(i * stride, Math.min(utf8.length, (i + 1) * stride), source);
      }
    }
    let end = Math.min(Math.max(0, offset), utf8.length);
    while (end > 0 && end < utf8.length && ((utf8[end] ?? 0) & 0xc0) === 0x80) end--;
    const mark = Math.min(Math.floor(end / stride), marks.length - 1);
    return advance(mark * stride, end, marks[mark] ?? from);
  };
}
