/** A file as text, and the way back from places in that text to bytes, lines and columns. */
import type { Place } from "../finding.ts";

/** One file that was read. */
export type Source = { path: string; bytes: Uint8Array; text: string };

/** UTF-16 offsets [start, end) into the text of a source. A value that came from another file keeps that file's span. */
export type Span = { source: Source; start: number; end: number };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads bytes as UTF-8; where they are none, one character per byte, so that offsets stay true and the ASCII part can be read. */
export function sourceOf(path: string, bytes: Uint8Array): Source {
  try {
    return { path, bytes, text: utf8.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { path, bytes, text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1") };
  }
}

/** The span that begins where the first one does and ends where the second one does; the first alone when they stand in two files. */
export function joinSpans(first: Span, last: Span): Span {
  return first.source === last.source ? { ...first, end: Math.max(first.end, last.end) } : first;
}

const byteTables = new WeakMap<Source, Uint32Array>();
const lineTables = new WeakMap<Source, Uint32Array>();

/** Byte offset of a UTF-16 offset. */
function byteOf(source: Source, at: number): number {
  if (source.text.length === source.bytes.length) return at;
  let table = byteTables.get(source);
  if (table === undefined) {
    table = new Uint32Array(source.text.length + 1);
    let byte = 0;
    for (let index = 0; index < source.text.length; index++) {
      table[index] = byte;
      const unit = source.text.charCodeAt(index);
      // A surrogate pair is four bytes: two for each half.
      byte += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
    }
    table[source.text.length] = byte;
    byteTables.set(source, table);
  }
  return table[at]!;
}

/** Line (from 1) and the offset at which it begins. */
function lineOf(source: Source, at: number): { line: number; start: number } {
  let table = lineTables.get(source);
  if (table === undefined) {
    const starts = [0];
    for (let next = source.text.indexOf("\n"); next >= 0; next = source.text.indexOf("\n", next + 1)) {
      starts.push(next + 1);
    }
    table = Uint32Array.from(starts);
    lineTables.set(source, table);
  }
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (table[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, start: table[low]! };
}

/** The place of a span, for a finding. */
export function placeOf(span: Span): Place {
  const { source, start, end } = span;
  const first = lineOf(source, start);
  const last = lineOf(source, Math.max(start, end - 1));
  return {
    path: source.path,
    start: byteOf(source, start),
    end: byteOf(source, end),
    line: first.line,
    column: start - first.start + 1,
    endLine: last.line,
    endColumn: end - last.start + 1,
  };
}
