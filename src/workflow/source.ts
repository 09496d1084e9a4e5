/** A file as text, and the way back from positions in that text to bytes, lines and columns. */
import type { Place } from "../finding.ts";
import type { Source, Span } from "./model.ts";

/** Offsets of a text against the bytes it was read from. */
export type Offsets = {
  /** Byte offset of a UTF-16 offset. */
  toByte(at: number): number;
  /** UTF-16 offset of a byte offset that begins a character. */
  toText(at: number): number;
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads bytes as text. UTF-8, the byte order mark kept as the first character; where the bytes are no UTF-8, one character per byte,
 * so that offsets stay true and the ASCII part of the file can still be read.
 */
export function sourceOf(path: string, bytes: Uint8Array): Source {
  try {
    return { path, bytes, text: utf8.decode(bytes), broken: false, cut: false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return {
      path,
      bytes,
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"),
      broken: false,
      cut: false,
    };
  }
}

const same = (at: number): number => at;
const sameOffsets: Offsets = { toByte: same, toText: same };
/** The offsets of a source, worked out once. */
export function offsetsOf(source: Source): Offsets {
  if (source.text.length === source.bytes.length) return sameOffsets;
  source.offsets ??= tableOf(source.text);
  return source.offsets;
}

function tableOf(text: string): Offsets {
  const table = new Uint32Array(text.length + 1);
  let byte = 0;
  for (let at = 0; at < text.length; at++) {
    table[at] = byte;
    const unit = text.charCodeAt(at);
    // A surrogate pair is four bytes: the low half counts from the third.
    byte += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xe000 ? 2 : 3;
  }
  table[text.length] = byte;
  return {
    toByte: (at) => table[at]!,
    toText: (at) => lowerBound(table, at),
  };
}

/** First index whose value is not below `value`. */
function lowerBound(table: Uint32Array, value: number): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineStartsOf(source: Source): Uint32Array {
  if (source.lineStarts === undefined) {
    const list = [0];
    for (let at = source.bytes.indexOf(10); at >= 0; at = source.bytes.indexOf(10, at + 1)) list.push(at + 1);
    source.lineStarts = Uint32Array.from(list);
  }
  return source.lineStarts;
}

/** Line and column of a byte offset, both from 1; columns in UTF-16 units. */
export function positionOf(source: Source, at: number): { line: number; column: number } {
  const lines = lineStartsOf(source);
  const line = lowerBound(lines, at + 1);
  const start = lines[line - 1]!;
  const offsets = offsetsOf(source);
  return { line, column: offsets.toText(at) - offsets.toText(start) + 1 };
}

/** The place of a span, for a finding. */
export function placeOfSpan(source: Source, span: Span): Place {
  const first = positionOf(source, span.start);
  // The end is exclusive: its line is the line of the last byte, its column one past it.
  const last = positionOf(source, Math.max(span.start, span.end - 1));
  const lineStart = lineStartsOf(source)[last.line - 1]!;
  const offsets = offsetsOf(source);
  return {
    path: source.path,
    start: span.start,
    end: span.end,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: offsets.toText(span.end) - offsets.toText(lineStart) + 1,
  };
}

/** The text of a span as it stands in the file. */
export function sliceOf(source: Source, span: Span): string {
  const offsets = offsetsOf(source);
  return source.text.slice(offsets.toText(span.start), offsets.toText(span.end));
}
