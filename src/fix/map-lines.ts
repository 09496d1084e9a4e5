/** Changes of one mapping as pieces: whole lines in block style, parts of a line in flow style. */
import type { YamlEntry, YamlMap } from "../workflow/model.ts";
import type { MapChange } from "./change.ts";
import {
  aboveComment,
  columnOf,
  endsLine,
  indentUnit,
  isFirstOnLine,
  lineKind,
  lineStart,
  nextLine,
} from "./layout.ts";
import type { Piece, Writing } from "./piece.ts";
import { refuse } from "./refusal.ts";
import type { Splice } from "./splice.ts";
import { blockLines, flowText } from "./yaml-write.ts";

/** A mapping without its entries, under a key that stays. */
export function hollow({ bytes }: Writing, map: YamlMap): Piece {
  if (map.flow) return { ...map.span, text: "{}", rank: 0 };
  if (!isFirstOnLine(bytes, map.span.start)) refuse("the mapping begins on the line of another key");
  return { start: lineStart(bytes, map.span.start), end: nextLine(bytes, map.span.end), text: "", rank: 0 };
}

/** The lines of a block mapping that change. Throws Refused where they cannot be told apart from others. */
export function blockPieces(writing: Writing, map: YamlMap, change: MapChange): Piece[] {
  const { bytes, changes } = writing;
  const first = map.entries[0];
  if (first === undefined) refuse("the mapping is empty");
  const column = columnOf(bytes, first.key.span.start);
  const unit = indentUnit(changes.source, [map, changes.tree.root]);
  const rank = 1000 - column;
  const pieces: Piece[] = [];
  const kept = map.entries.filter((entry) => !change.remove.has(entry));
  let add = blockLines(change.add, column, unit);
  for (const entry of map.entries) {
    if (!change.remove.has(entry)) continue;
    const piece = removalOf(writing, map, entry, kept, add);
    if (piece === undefined) continue;
    if (piece.text !== "") add = [];
    pieces.push({ ...piece, rank });
  }
  if (add.length > 0) pieces.push({ ...addition(writing, map, add), rank });
  for (const [entry, entries] of change.above)
    pieces.push({ ...lead(writing, map, entry, blockLines(entries, column, unit)), rank: rank + 500 });
  return pieces;
}

/** The lines of one entry, replaced by `add`. Undefined when the piece of an entry before it covers it. */
function removalOf(
  writing: Writing,
  map: YamlMap,
  entry: YamlEntry,
  kept: readonly YamlEntry[],
  add: readonly string[],
): Splice | undefined {
  const { bytes, eol } = writing;
  const { start } = entry.key.span;
  if (!endsLine(bytes, entry.span.end)) refuse(`something else stands on the line of ${entry.key.text}`);
  if (isFirstOnLine(bytes, start)) {
    // An entry behind a removed one on the dash's line is part of that one's piece.
    if (map.entries[0] !== entry && !isFirstOnLine(bytes, map.entries[0]!.key.span.start)) {
      const head = kept[0];
      if (add.length === 0 && (head === undefined || start < head.key.span.start)) return undefined;
    }
    return {
      start: lineStart(bytes, start),
      end: nextLine(bytes, entry.span.end),
      text: add.map((line) => line + eol).join(""),
    };
  }
  if (map.entries[0] !== entry) refuse("two keys stand on one line");
  const text = add.join(eol).trimStart();
  const lineStop = lineContentEnd(bytes, entry.span.end);
  if (text !== "") return { start, end: lineStop, text };
  const next = kept[0];
  if (next === undefined) refuse("nothing would be left of the step");
  const between = bytes.subarray(lineStop, next.key.span.start);
  if (!between.includes(0x23)) return { start, end: next.key.span.start, text: "" };
  refuse("a comment stands between the step's first key and the next one");
}

/** Offset of the line end of the line that holds `at`, before `\r\n`. */
function lineContentEnd(bytes: Uint8Array, at: number): number {
  let end = nextLine(bytes, at);
  if (bytes[end - 1] === 10) end--;
  if (bytes[end - 1] === 13) end--;
  return end;
}

/** Lines above an entry and the comment that belongs to it, set apart by a blank line where the entry is. */
function lead({ bytes, eol }: Writing, map: YamlMap, entry: YamlEntry, lines: readonly string[]): Splice {
  if (!isFirstOnLine(bytes, entry.key.span.start)) refuse(`${entry.key.text} stands on the line of another key`);
  const before = map.entries[map.entries.indexOf(entry) - 1];
  const floor = before === undefined ? floorOf(bytes, entry) : nextLine(bytes, before.span.end);
  const at = aboveComment(bytes, entry.key.span.start, floor);
  const blank = before !== undefined && at > 0 && lineKind(bytes, lineStart(bytes, at - 1)) === "blank";
  return { start: at, end: at, text: [...lines, ...(blank ? [""] : [])].map((line) => line + eol).join("") };
}

/** Above a mapping's first entry: the line of the key it stands under, so that its comments are its own. */
function floorOf(bytes: Uint8Array, entry: YamlEntry): number {
  let at = lineStart(bytes, entry.key.span.start);
  while (at > 0 && lineKind(bytes, lineStart(bytes, at - 1)) !== "text") at = lineStart(bytes, at - 1);
  return at;
}

/** Lines behind the last entry of a block mapping. */
function addition(writing: Writing, map: YamlMap, add: readonly string[]): Splice {
  const { bytes, eol } = writing;
  const last = map.entries.at(-1)!;
  if (!endsLine(bytes, last.span.end)) refuse(`something else stands on the line of ${last.key.text}`);
  if (last.value.kind === "scalar" && keepsBlankLines(bytes, last) && isFirstOnLine(bytes, last.key.span.start)) {
    const at = lineStart(bytes, last.key.span.start);
    return { start: at, end: at, text: add.map((line) => line + eol).join("") };
  }
  return afterLine(writing, last.span.end, add);
}

/** Lines put in below the line that holds `at`, also where the file ends without a line end. */
function afterLine(writing: Writing, at: number, lines: readonly string[]): Splice {
  const { bytes, eol } = writing;
  const end = nextLine(bytes, at);
  const ended = end > 0 && bytes[end - 1] === 10;
  return { start: end, end, text: lines.map((line) => (ended ? line + eol : eol + line)).join("") };
}

/** Whether a block scalar with `+` ends the entry: the blank lines behind it are its content. */
function keepsBlankLines(bytes: Uint8Array, entry: YamlEntry): boolean {
  const { value } = entry;
  if (value.kind !== "scalar" || (value.style !== "literal" && value.style !== "folded")) return false;
  const header = bytes.subarray(value.span.start, Math.min(value.span.start + 3, value.span.end));
  return header.includes(0x2b);
}

/** The parts of a flow mapping that change. Throws Refused where a comment stands among them. */
export function flowPieces(writing: Writing, map: YamlMap, change: MapChange): Piece[] {
  const { bytes } = writing;
  const text = flowText([...[...change.above.values()].flat(), ...change.add]);
  const { entries } = map;
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined)
    return [{ start: map.span.start, end: map.span.end, text: `{ ${text} }`, rank: 0 }];
  const kept = entries.filter((entry) => !change.remove.has(entry));
  const piece = (start: number, end: number, replacement: string): Piece => {
    if (bytes.subarray(start, end).includes(0x23)) refuse("a comment or # stands in the flow mapping");
    return { start, end, text: replacement, rank: 0 };
  };
  const lastKept = kept.at(-1);
  if (lastKept === undefined) return [piece(first.key.span.start, last.span.end, text)];
  const pieces: Piece[] = [];
  for (const [at, entry] of entries.entries()) {
    const next = entries[at + 1];
    if (change.remove.has(entry) && entry.key.span.start < lastKept.key.span.start && next)
      pieces.push(piece(entry.key.span.start, next.key.span.start, ""));
  }
  const tail = text === "" ? "" : `, ${text}`;
  if (lastKept !== last || tail !== "") pieces.push(piece(lastKept.span.end, last.span.end, tail));
  return pieces;
}
