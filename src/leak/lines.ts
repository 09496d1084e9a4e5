/** Lines and columns of byte offsets, and source excerpts with every secret masked. */
import type { Place } from "../finding.ts";
import { looksRandom } from "./randomness.ts";
import { lowerBound } from "./resolve.ts";

/** Offsets at which the lines of a blob begin. A line ends at LF; a CR before it belongs to the line's end. */
export function lineStarts(bytes: Uint8Array): Uint32Array {
  let count = 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts[line++] = at + 1;
  return starts;
}

/** Line of an offset, from 1. */
export function lineOf(starts: Uint32Array, offset: number): number {
  const at = lowerBound(starts, offset);
  return starts[at] === offset ? at + 1 : at;
}

/** The place of bytes [start, end): columns in UTF-16 units of the line read as UTF-8. */
export function placeOf(path: string, bytes: Uint8Array, starts: Uint32Array, start: number, end: number): Place {
  const line = lineOf(starts, start);
  const endLine = lineOf(starts, Math.max(start, end - 1));
  return {
    path,
    start,
    end,
    line,
    column: columnOf(bytes, starts[line - 1]!, start),
    endLine,
    endColumn: columnOf(bytes, starts[endLine - 1]!, end),
  };
}

function columnOf(bytes: Uint8Array, lineStart: number, offset: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset + lineStart, offset - lineStart).toString("utf8").length + 1;
}

const block = "\u2588";

/** The first characters of a value, if they are its type's mark, and blocks for the rest. Never tells more than four characters, nor the exact length of a short value. */
export function maskValue(value: string, mark: string): string {
  const shown =
    mark.length >= 3 && value.startsWith(mark) && value.length >= 16 ? mark.slice(0, Math.min(mark.length, 8)) : "";
  return shown + block.repeat(Math.min(16, Math.max(8, value.length - shown.length)));
}

/** Columns of a line that an excerpt keeps to each side of the value. */
const excerptReach = 60;

/**
 * The line a value stands on, with every masked span and every other long random run replaced by blocks.
 * In: the bytes, line starts, the value's span, all spans to mask with what stands in for each. Out: the excerpt as text, at most about 200 characters.
 */
export function excerptOf(
  bytes: Uint8Array,
  starts: Uint32Array,
  start: number,
  end: number,
  masks: readonly { start: number; end: number; shown: string }[],
): string {
  const line = lineOf(starts, start);
  const lineStart = starts[line - 1]!;
  const newline = bytes.indexOf(10, start);
  const lineEnd = Math.min(newline < 0 ? bytes.length : newline, Math.max(end, start) + excerptReach);
  const from = Math.max(lineStart, start - excerptReach);
  let text = from > lineStart ? "\u2026" : "";
  let at = from;
  const plain = (to: number): string =>
    maskRandom(Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, to - at)).toString("utf8"));
  for (const mask of [...masks].sort((a, b) => a.start - b.start)) {
    if (mask.end <= at || mask.start >= lineEnd) continue;
    if (mask.start > at) text += plain(mask.start);
    text += mask.start >= at ? mask.shown : "";
    at = Math.max(at, mask.end);
  }
  if (at < lineEnd) {
    text += plain(lineEnd);
    if (newline >= 0 ? lineEnd < newline : lineEnd < bytes.length) text += "\u2026";
  }
  return text.replace(/[\r\n]+/g, " ").trimEnd();
}

/** What no rule claimed but looks drawn is masked too: an excerpt is for reading code, not values. */
function maskRandom(text: string): string {
  return text.replace(/[A-Za-z0-9_+/=~-]{16,}/g, (run) => (looksRandom(run) ? block.repeat(8) : run));
}
