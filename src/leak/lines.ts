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

/** Gives places in a blob; quickest when asked in ascending order, also on a line of megabytes. */
export type PlaceReader = (path: string, start: number, end: number) => Place;

/**
 * A reader of places: lines from 1, columns in UTF-16 units of the line read as UTF-8.
 * In: the blob and its line starts.
 */
export function placeReader(bytes: Uint8Array, starts: Uint32Array): PlaceReader {
  let knownOffset = -1;
  let knownColumn = 1;
  function columnOf(lineStart: number, offset: number): number {
    // Count on from the last offset asked for, if it is on the same line.
    const from = knownOffset >= lineStart && knownOffset <= offset ? knownOffset : lineStart;
    const column = (from === lineStart ? 1 : knownColumn) + textLength(bytes, from, offset);
    knownOffset = offset;
    knownColumn = column;
    return column;
  }
  return (path, start, end) => {
    const line = lineOf(starts, start);
    const endLine = lineOf(starts, Math.max(start, end - 1));
    const column = columnOf(starts[line - 1]!, start);
    const endColumn =
      endLine === line ? column + textLength(bytes, start, end) : 1 + textLength(bytes, starts[endLine - 1]!, end);
    return { path, start, end, line, column, endLine, endColumn };
  };
}

function textLength(bytes: Uint8Array, start: number, end: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8").length;
}

/** A span that is shown as something else, and the value it holds: where that stands again on a line, it is masked there too. */
export type Mask = { start: number; end: number; shown: string; value?: string };

/** Masks sorted and without overlap: of two that overlap, what the first shows stands for both. */
export function mergedMasks(masks: readonly Mask[]): Mask[] {
  const merged: Mask[] = [];
  for (const mask of [...masks].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last !== undefined && mask.start < last.end) last.end = Math.max(last.end, mask.end);
    else merged.push({ ...mask });
  }
  return merged;
}

const block = "\u2588";

/** The first characters of a value, if they are its type's mark, and blocks for the rest. Never tells more than four characters, nor the exact length of a short value. */
export function maskValue(value: string, mark: string): string {
  const shown =
    mark.length >= 3 && value.startsWith(mark) && value.length >= 16 ? mark.slice(0, Math.min(mark.length, 8)) : "";
  return shown + block.repeat(Math.min(16, Math.max(8, value.length - shown.length)));
}

/** How far round an excerpt values are taken from that must not stand in it. */
const repeatReach = 400;

/** Columns of a line that an excerpt keeps to each side of the value. */
const excerptReach = 60;

/**
 * The line a value stands on, with every masked span and every other long random run replaced by blocks.
 * In: the bytes, line starts, the value's span, all spans to mask as `mergedMasks` gives them. Out: the excerpt as text, at most about 200 characters.
 */
export function excerptOf(
  bytes: Uint8Array,
  starts: Uint32Array,
  start: number,
  end: number,
  masks: readonly Mask[],
): string {
  const line = lineOf(starts, start);
  const lineStart = starts[line - 1]!;
  const next = starts[line];
  const lineStop = next === undefined ? bytes.length : next - 1;
  const lineEnd = Math.max(start, Math.min(lineStop, Math.max(end, start) + excerptReach));
  const from = Math.max(lineStart, start - excerptReach);
  let text = from > lineStart ? "\u2026" : "";
  let at = from;
  const plain = (to: number): string =>
    maskRandom(Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, to - at)).toString("utf8"));
  for (let i = firstEndingAfter(masks, from); i < masks.length && masks[i]!.start < lineEnd; i++) {
    const mask = masks[i]!;
    if (mask.start > at) text += plain(mask.start);
    text += mask.shown;
    at = Math.max(at, mask.end);
  }
  if (at < lineEnd) {
    text += plain(lineEnd);
    if (lineEnd < lineStop) text += "\u2026";
  }
  for (
    let i = firstEndingAfter(masks, from - repeatReach);
    i < masks.length && masks[i]!.start < lineEnd + repeatReach;
    i++
  ) {
    const value = masks[i]!.value ?? "";
    if (value.length >= 4 && value.length <= 512) text = text.replaceAll(value, block.repeat(8));
  }
  return text.replace(/[\r\n]+/g, " ").trimEnd();
}

function firstEndingAfter(masks: readonly Mask[], offset: number): number {
  let low = 0;
  let high = masks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (masks[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What no rule claimed but may be drawn is masked too: an excerpt is for reading code, not values. */
function maskRandom(text: string): string {
  return text.replace(/[A-Za-z0-9_+/~-]{12,}/g, (run) =>
    /\d/.test(run) && /[A-Za-z]/.test(run) ? block.repeat(8) : looksRandom(run) ? block.repeat(8) : run,
  );
}
