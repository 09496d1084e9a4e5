/** Finds providers' names close before a value: in the text, the key, the section, the host or the path. */
import { type Automaton, walk } from "./automaton.ts";

/** How many bytes before the value count as near. */
export const nearBytes = 40;

/** A name as it is compared: lower case, without `-`, `_`, `.` and spaces. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, "");
}

/** Memory that `namesIn` uses again and again: it is called for every value that looks drawn. */
let scratch = scratchOf(8192);

function scratchOf(length: number): { normal: Uint8Array; sources: Uint32Array; begins: Uint8Array } {
  return { normal: new Uint8Array(length), sources: new Uint32Array(length), begins: new Uint8Array(length) };
}

/** Where a name was found: closest first in how much it says. */
export type NearPlace = "key" | "context" | "text";

/**
 * The names that occur in a text, each where a word begins (after no letter, or at a capital inside a camel-case name).
 * In: the automaton over normalised names, the text. Out: calls `found` with the keyword's number, whether the name also ends at a word's end, and
 * the offset in the text of the character after the name.
 */
export function namesIn(
  names: Automaton,
  text: string,
  found: (name: number, endsWord: boolean, end: number) => void,
): void {
  if (text.length === 0) return;
  if (text.length >= scratch.normal.length) scratch = scratchOf(2 * text.length);
  const { normal, sources, begins } = scratch;
  begins.fill(0, 0, text.length + 1);
  normal[text.length] = 0;
  let used = 0;
  let fresh = true;
  let previousLower = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 45 || c === 95 || c === 46 || c === 32) {
      fresh = true;
      continue;
    }
    const upper = c >= 65 && c <= 90;
    const lower = c >= 97 && c <= 122;
    const digit = c >= 48 && c <= 57;
    if (!upper && !lower && !digit) {
      normal[used] = 0;
      sources[used] = i;
      begins[used++] = 1;
      fresh = true;
      continue;
    }
    if (fresh || (upper && previousLower)) begins[used] = 1;
    sources[used] = i;
    normal[used++] = upper ? c + 32 : c;
    fresh = false;
    previousLower = lower;
  }
  begins[used] = 1;
  normal[used] = 0;
  walk(names, normal, 0, used, (name, end) => {
    const start = end - names.lengths[name]!;
    if (begins[start] === 1)
      found(name, begins[end] === 1 || (normal[end]! >= 48 && normal[end]! <= 57), sources[end - 1]! + 1);
  });
}

const sectionLine = /^\s{0,8}\[+\s{0,4}["']?([\w .:/-]{1,60})["']?\s{0,4}\]+\s{0,8}$/;

/**
 * The names a value stands under besides its own: the enclosing keys by indentation and the section header.
 * In: text of one char a byte, the value's offset. Looks back at most 4 KB and 80 lines. Out: the names, joined by a newline.
 */
export function enclosingNames(text: string, at: number): string {
  const from = Math.max(0, at - 4096);
  const names: string[] = [];
  let lineEnd = at - 1;
  while (lineEnd >= from && text.charCodeAt(lineEnd) !== 0x0a) lineEnd--;
  if (lineEnd < from) return "";
  let indent = indentOf(text, lineEnd + 1, at);
  for (let seen = 0; lineEnd > from && seen < 80; seen++) {
    // In the slice: a search backwards through the whole text goes on past `from`.
    const lineStart = from + text.slice(from, lineEnd).lastIndexOf("\n") + 1;
    const depth = indentOf(text, lineStart, lineEnd);
    const first = text[lineStart + depth];
    const end = lineEnd;
    lineEnd = lineStart - 1;
    if (first === "[") {
      const section = sectionLine.exec(text.slice(lineStart, Math.min(end, lineStart + 120)).replace("\r", ""));
      if (section !== null) {
        names.push(section[1]!);
        break;
      }
    }
    if (lineStart + depth >= end || first === "\r" || depth >= indent) continue;
    const trimmed = text.slice(lineStart + depth, Math.min(end, lineStart + depth + 200));
    const key =
      /^(?:[-{,]\s{0,4})?(?:(?:const|let|var|export|public|private|static|final|resource|provider|data|module|class|function|def)\s{1,4})*["']?([\w .:$/-]{1,60})["']?\s{0,4}(?:[:={(]|=>|<|"[\w-]{1,60}")/.exec(
        trimmed,
      );
    if (key !== null) names.push(key[1]!);
    indent = depth;
    if (indent === 0) break;
  }
  return names.join("\n");
}

function indentOf(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && (text.charCodeAt(i) === 0x20 || text.charCodeAt(i) === 0x09)) i++;
  return i - start;
}
