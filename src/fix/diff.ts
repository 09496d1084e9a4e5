/** A unified diff of a file before and after splices: the edits say where it differs, so nothing has to be searched. */
import { ordered, type Splice, splice } from "./splice.ts";

type Hunk = { oldFrom: number; oldLines: string[]; newLines: string[] };

const contextLines = 3;

/**
 * The unified diff of edits, as `git apply` and `patch` take it; empty when they change nothing.
 * In: the path with forward slashes, the original bytes (read as UTF-8), the edits. Out: text that ends with a line end.
 */
export function unifiedDiff(path: string, bytes: Uint8Array, edits: readonly Splice[]): string {
  const before = lines(bytes);
  const starts = lineStarts(before);
  const hunks = changedLines(bytes, edits, before, starts);
  if (hunks.length === 0) return "";
  const out = [`--- ${quoted(`a/${path}`)}\n`, `+++ ${quoted(`b/${path}`)}\n`];
  let shift = 0;
  for (const group of grouped(hunks)) {
    const first = group[0]!;
    const last = group.at(-1)!;
    const from = Math.max(0, first.oldFrom - contextLines);
    const to = Math.min(before.length, last.oldFrom + last.oldLines.length + contextLines);
    const body: string[] = [];
    let at = from;
    let added = 0;
    let removed = 0;
    for (const hunk of group) {
      for (; at < hunk.oldFrom; at++) body.push(marked(" ", before[at] ?? ""));
      for (const line of hunk.oldLines) body.push(marked("-", line));
      for (const line of hunk.newLines) body.push(marked("+", line));
      at += hunk.oldLines.length;
      added += hunk.newLines.length;
      removed += hunk.oldLines.length;
    }
    for (; at < to; at++) body.push(marked(" ", before[at] ?? ""));
    const oldCount = to - from;
    const newCount = oldCount - removed + added;
    const start = (line: number, count: number): string => `${count === 0 ? line : line + 1},${count}`;
    out.push(`@@ -${start(from, oldCount)} +${start(from + shift, newCount)} @@\n`, ...body);
    shift += added - removed;
  }
  return out.join("");
}

function marked(mark: string, line: string): string {
  return line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** Git quotes paths with unusual bytes. */
function quoted(path: string): string {
  return /[\x00-\x1f"\\\x7f]/.test(path) ? JSON.stringify(path) : path;
}

function lines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Byte offsets of the lines, with the end of the file as the last. */
function lineStarts(all: readonly string[]): number[] {
  const starts = [0];
  for (const line of all) starts.push((starts.at(-1) ?? 0) + Buffer.byteLength(line));
  return starts;
}

function lineAt(starts: readonly number[], byte: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The lines that the edits touch, before and after; edits of one line go together. */
function changedLines(
  bytes: Uint8Array,
  edits: readonly Splice[],
  before: readonly string[],
  starts: readonly number[],
): Hunk[] {
  const groups: { from: number; to: number; edits: Splice[] }[] = [];
  for (const edit of ordered(edits)) {
    const from = lineAt(starts, edit.start);
    // Whole lines taken out or put in leave the line behind them alone.
    const atStart =
      edit.end === starts[lineAt(starts, edit.end)] &&
      edit.start === starts[from] &&
      (edit.text === "" || edit.text.endsWith("\n"));
    const to = atStart
      ? lineAt(starts, edit.end)
      : Math.min(before.length, lineAt(starts, Math.max(edit.start, edit.end)) + 1);
    const last = groups.at(-1);
    if (last !== undefined && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else groups.push({ from, to, edits: [edit] });
  }
  return groups.flatMap(({ from, to, edits: own }) => {
    const base = starts[from] ?? 0;
    const part = bytes.subarray(base, starts[to] ?? bytes.length);
    const after = lines(
      splice(
        part,
        own.map((edit) => ({ ...edit, start: edit.start - base, end: edit.end - base })),
      ),
    );
    return trimmed({ oldFrom: from, oldLines: before.slice(from, to), newLines: after });
  });
}

/** Without the lines that are the same at both ends. */
function trimmed({ oldFrom, oldLines, newLines }: Hunk): Hunk[] {
  let head = 0;
  while (head < oldLines.length && head < newLines.length && oldLines[head] === newLines[head]) head++;
  let tail = 0;
  while (
    tail < oldLines.length - head &&
    tail < newLines.length - head &&
    oldLines.at(-1 - tail) === newLines.at(-1 - tail)
  )
    tail++;
  const hunk = {
    oldFrom: oldFrom + head,
    oldLines: oldLines.slice(head, oldLines.length - tail),
    newLines: newLines.slice(head, newLines.length - tail),
  };
  return hunk.oldLines.length + hunk.newLines.length === 0 ? [] : [hunk];
}

function grouped(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && hunk.oldFrom - (last.oldFrom + last.oldLines.length) <= 2 * contextLines)
      groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}
