/** Edits into bytes. A fix is a splice of the original, never a document written anew, so what it does not name stays byte for byte. */
import type { Edit } from "../finding.ts";

/** An edit without its path, in byte offsets of the original. */
export type Splice = Omit<Edit, "path">;

/** Edits in order of place; of equal ones (two findings that ask for the same line) one is kept. */
export function ordered(edits: readonly Splice[]): Splice[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.filter((edit, at) => {
    const before = sorted[at - 1];
    return before === undefined || before.start !== edit.start || before.end !== edit.end || before.text !== edit.text;
  });
}

/**
 * The first two edits that cannot both be made: they share a byte, or put text at the same place, where no order is right.
 * Text may be put in at the edge of bytes that another edit replaces.
 */
export function overlapOf(edits: readonly Splice[]): [Splice, Splice] | undefined {
  const sorted = ordered(edits);
  for (const [at, edit] of sorted.entries()) {
    const next = sorted[at + 1];
    if (next === undefined) return undefined;
    if (next.start < edit.end || (next.start === edit.start && (next.end === next.start) === (edit.end === edit.start)))
      return [edit, next];
  }
  return undefined;
}

/**
 * The bytes with the edits made. In: the original bytes and edits in its byte offsets, in any order. Out: new bytes.
 * Throws RangeError when edits overlap or lie outside the file: whoever made them did not look at what was there.
 */
export function splice(bytes: Uint8Array, edits: readonly Splice[]): Uint8Array {
  const clash = overlapOf(edits);
  if (clash !== undefined)
    throw new RangeError(
      `edits overlap at bytes ${clash[0].start}-${clash[0].end} and ${clash[1].start}-${clash[1].end}`,
    );
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end, text } of ordered(edits)) {
    if (start < from || end < start || end > bytes.length)
      throw new RangeError(`an edit of bytes ${start}-${end} lies outside the file's ${bytes.length} bytes`);
    parts.push(bytes.subarray(from, start), Buffer.from(text, "utf8"));
    from = end;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

/**
 * Where an offset of the original lies after the edits; undefined when its byte was replaced or removed.
 * Text put in at the offset itself goes before it.
 */
export function offsetAfter(edits: readonly Splice[], offset: number): number | undefined {
  let moved = offset;
  for (const { start, end, text } of ordered(edits)) {
    if (start > offset) break;
    if (offset < end) return undefined;
    moved += Buffer.byteLength(text) - (end - start);
  }
  return moved;
}
