/** From positions in a scalar's content back to positions in the file: through quotes, escapes, folding and the indentation of block scalars. */
import type { Source, YamlScalar } from "./model.ts";
import { offsetsOf } from "./source.ts";

/** Byte offset in the file of each UTF-16 unit of the content; `content.length` gives the place past the last one. */
export type ContentOffsets = (at: number) => number;

/**
 * How the content of a scalar lies in the file; worked out once for each scalar.
 * A unit that YAML made out of something longer (an escape, a folded line break) lies where that begins.
 */
export function contentOffsets(source: Source, scalar: YamlScalar): ContentOffsets {
  scalar.offsets ??= workOut(source, scalar);
  return scalar.offsets;
}

function workOut(source: Source, scalar: YamlScalar): ContentOffsets {
  const offsets = offsetsOf(source);
  const start = offsets.toText(scalar.span.start);
  const raw = source.text.slice(start, offsets.toText(scalar.span.end));
  const quote = scalar.style === "single" || scalar.style === "double" ? 1 : 0;
  if (
    scalar.style !== "literal" &&
    scalar.style !== "folded" &&
    raw.length - 2 * quote === scalar.text.length &&
    !/[\\\n']/.test(quote ? raw.slice(1, -1) : "")
  ) {
    return (at) => offsets.toByte(start + quote + at);
  }
  const table =
    scalar.style === "literal" || scalar.style === "folded" ? blockTable(raw, scalar.text) : flowTable(raw, scalar);
  return (at) => offsets.toByte(start + (table[Math.min(at, table.length - 1)] ?? raw.length));
}

/** Lines of a block scalar stand one after another in its content, without their indentation; what is between them is line breaks or a folded space. */
function blockTable(raw: string, content: string): Uint32Array {
  const table = new Uint32Array(content.length + 1).fill(raw.length);
  const header = raw.indexOf("\n");
  const body = header < 0 ? raw.length : header + 1;
  const indent = indentOf(raw, body, content);
  let done = 0;
  let previousEnd = body;
  for (let at = body; at < raw.length; ) {
    let end = raw.indexOf("\n", at);
    if (end < 0) end = raw.length;
    const lineEnd = raw.charAt(end - 1) === "\r" && end > at ? end - 1 : end;
    const from = Math.min(at + indent, lineEnd);
    const line = raw.slice(from, lineEnd);
    if (line !== "") {
      while (
        done < content.length &&
        !content.startsWith(line, done) &&
        (content.charAt(done) === "\n" || content.charAt(done) === " ")
      )
        table[done++] = previousEnd;
      for (let i = 0; i < line.length && done < content.length; i++) table[done++] = from + i;
      previousEnd = lineEnd;
    }
    at = end + 1;
  }
  return table;
}

/** The indentation that was taken away: what the first line that is not blank has more in the file than in the content. */
function indentOf(raw: string, body: number, content: string): number {
  return leading(raw, body) - leading(content, 0);
}

/** Spaces before the first character that is neither space nor line break. */
function leading(text: string, from: number): number {
  let at = from;
  let start = from;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\n") start = at + 1;
    else if (character !== " " && character !== "\r") break;
  }
  return at - start;
}

function flowTable(raw: string, scalar: YamlScalar): Uint32Array {
  const { style, text } = scalar;
  const table = new Uint32Array(text.length + 1).fill(raw.length);
  const quote = style === "plain" ? 0 : 1;
  let at = quote;
  const last = raw.length - quote;
  let done = 0;
  while (at < last && done < text.length) {
    const blank = blankRun(raw, at, last);
    if (blank > at && raw.slice(at, blank).includes("\n")) {
      // A line break is folded to a space, n of them to n - 1 line breaks, and the blanks round it vanish.
      const breaks = raw.slice(at, blank).split("\n").length - 1;
      for (let i = Math.max(1, breaks - 1); i > 0 && done < text.length; i--) table[done++] = at;
      at = blank;
    } else if (style === "double" && raw.charAt(at) === "\\") {
      const width = escapeWidth(raw, at, last);
      const units = unitsOf(raw, at, width);
      for (let i = 0; i < units && done < text.length; i++) table[done++] = at;
      at += width;
    } else {
      table[done++] = at;
      at += style === "single" && raw.startsWith("''", at) ? 2 : 1;
    }
  }
  table[done] = Math.min(at, last);
  return table;
}

function blankRun(raw: string, from: number, last: number): number {
  let at = from;
  while (at < last && /[ \t\r\n]/.test(raw.charAt(at))) at++;
  return at;
}

function escapeWidth(raw: string, at: number, last: number): number {
  const letter = raw.charAt(at + 1);
  if (letter === "x") return 4;
  if (letter === "u") return 6;
  if (letter === "U") return 10;
  if (letter !== "\n" && letter !== "\r") return 2;
  // An escaped line break vanishes together with the next line's indentation.
  let end = at + (letter === "\r" ? 3 : 2);
  while (end < last && /[ \t]/.test(raw.charAt(end))) end++;
  return end - at;
}

function unitsOf(raw: string, at: number, width: number): number {
  const letter = raw.charAt(at + 1);
  if (letter === "\n" || letter === "\r") return 0;
  return letter === "U" && Number.parseInt(raw.slice(at + 2, at + width), 16) > 0xffff ? 2 : 1;
}
