/** Scalars for the quick YAML reader: plain ones, also over several lines, quoted ones on one line, block scalars. */
import type { ScalarStyle, YamlScalar } from "./model.ts";
import {
  carriage,
  column,
  dash,
  endLine,
  hash,
  newline,
  type Reader,
  space,
  tab,
  toContent,
  unsure,
} from "./yaml-reader.ts";
import { coreValue } from "./yaml-value.ts";

export function emptyAt(reader: Reader, at: number): YamlScalar {
  const byte = reader.toByte(at);
  return { kind: "scalar", span: { start: byte, end: byte }, style: "empty", text: "", value: null };
}

/** Characters a plain scalar may begin with without a second look: letters, digits, `_`, `.`, `/`, `$`, `(`, `<`, `~`, `+`, and anything beyond ASCII. */
export function plainStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return true;
  if (
    code === 95 ||
    code === 46 ||
    code === 47 ||
    code === 36 ||
    code === 40 ||
    code === 60 ||
    code === 126 ||
    code === 43
  )
    return true;
  if (code === 61 || code === 94 || code === 59 || code === 41 || code === 92) return true;
  if (code === dash) return /[A-Za-z0-9-]/.test(text.charAt(at + 1));
  return code > 0x9f && code !== 0xfeff && code !== 0x2028 && code !== 0x2029;
}

/** Offset past the closing quote, on the same line. */
export function quoteEnd(text: string, at: number, quote: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === newline || code === carriage) break;
    if (code === 92 && quote === 34) i++;
    else if (code === quote) {
      if (quote === 39 && text.charCodeAt(i + 1) === 39) i++;
      else return i + 1;
    }
  }
  throw unsure;
}

export function plain(reader: Reader, start: number, end: number): YamlScalar {
  const text = reader.text.slice(start, end);
  return {
    kind: "scalar",
    span: { start: reader.toByte(start), end: reader.toByte(end) },
    style: "plain",
    text,
    value: coreValue(text),
  };
}

const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "/": "/",
  " ": " ",
  "0": "\0",
  e: "\x1b",
};

export function quoted(reader: Reader, start: number, end: number): YamlScalar {
  const raw = reader.text.slice(start + 1, end - 1);
  const double = reader.text.charCodeAt(start) === 34;
  let text = raw;
  if (double) {
    if (raw.includes("\\"))
      text = raw.replace(/\\(.)/g, (_, letter: string) => {
        const meant = escapes[letter];
        if (meant === undefined) throw unsure;
        return meant;
      });
  } else if (raw.includes("''")) text = raw.replaceAll("''", "'");
  return scalar(reader, start, end, double ? "double" : "single", text);
}

function scalar(reader: Reader, start: number, end: number, style: ScalarStyle, text: string): YamlScalar {
  return { kind: "scalar", span: { start: reader.toByte(start), end: reader.toByte(end) }, style, text, value: text };
}

/** A plain scalar with the lines that continue it: deeper than the collection that holds it. */
export function readPlain(reader: Reader, parent: number): YamlScalar {
  const { text } = reader;
  const start = reader.pos;
  let end = plainEnd(text, start);
  const lines = [text.slice(start, end)];
  for (;;) {
    // A comment ends the scalar; what follows is then no continuation.
    if (!breakAt(text, end)) break;
    let at = end;
    let blanks = -1;
    let lineStart = at;
    for (;;) {
      while (text.charCodeAt(at) === space) at++;
      if (text.charCodeAt(at) === carriage && text.charCodeAt(at + 1) === newline) at++;
      if (text.charCodeAt(at) !== newline) break;
      at++;
      lineStart = at;
      blanks++;
    }
    const code = text.charCodeAt(at);
    if (at >= text.length || at - lineStart <= parent || code === hash) break;
    if (code === tab || code === carriage) throw unsure;
    end = plainEnd(text, at);
    for (; blanks > 0; blanks--) lines.push("");
    lines.push(text.slice(at, end));
  }
  reader.pos = end;
  if (lines.length === 1) return plain(reader, start, end);
  const folded = fold(lines);
  return {
    kind: "scalar",
    span: { start: reader.toByte(start), end: reader.toByte(end) },
    style: "plain",
    text: folded,
    value: folded,
  };
}

/** Whether only blanks stand between here and the line's end. */
function breakAt(text: string, at: number): boolean {
  let i = at;
  while (text.charCodeAt(i) === space) i++;
  return text.charCodeAt(i) === newline || (text.charCodeAt(i) === carriage && text.charCodeAt(i + 1) === newline);
}

/** Where the part of a plain scalar on this line ends: before a comment, blanks not counted. */
function plainEnd(text: string, start: number): number {
  let at = text.indexOf("\n", start);
  if (at < 0) at = text.length;
  let end = at;
  const line = text.slice(start, at);
  const comment = line.indexOf(" #");
  if (comment >= 0) end = start + comment;
  while (end > start && (text.charCodeAt(end - 1) === space || text.charCodeAt(end - 1) === carriage)) end--;
  const own = text.slice(start, end);
  // Each of these is an error or a mapping on the same line, and `\r` alone is a line break to some.
  if (own.includes("\t") || own.includes(": ") || own.endsWith(":") || own.includes("\r")) throw unsure;
  return end;
}

export function readBlockScalar(reader: Reader, parent: number): YamlScalar {
  const { text } = reader;
  const start = reader.pos;
  const folded = text.charCodeAt(start) === 62;
  let at = start + 1;
  const strip = text.charCodeAt(at) === dash;
  if (strip) at++;
  reader.pos = at;
  endLine(reader);
  const lines: string[] = [];
  let indent = -1;
  let contentEnd = -1;
  let kept = 0;
  at = reader.pos;
  while (at < text.length) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    let body = at;
    while (text.charCodeAt(body) === space) body++;
    let lineEnd = end;
    if (text.charCodeAt(lineEnd - 1) === carriage && end > at) lineEnd--;
    if (body >= lineEnd) {
      // A blank line: content only where it is wider than the indentation, which is left to the full parser.
      if (indent < 0 ? body > at : body - at > indent) throw unsure;
      lines.push("");
    } else {
      const width = body - at;
      if (indent < 0) {
        if (width <= parent || width === 0 || text.charCodeAt(body) === tab) break;
        indent = width;
      }
      if (width < indent) break;
      if (folded && (width > indent || text.charCodeAt(body) === tab)) throw unsure;
      lines.push(text.slice(at + indent, lineEnd));
      contentEnd = lineEnd;
      kept = lines.length;
    }
    at = end + 1;
  }
  if (kept === 0) throw unsure;
  lines.length = kept;
  reader.pos = Math.min(at, text.length);
  reader.lineStart = reader.pos;
  toContent(reader);
  if (reader.pos < text.length && column(reader) > parent) throw unsure;
  const content = folded ? fold(lines) : lines.join("\n");
  return scalar(reader, start, contentEnd, folded ? "folded" : "literal", strip ? content : `${content}\n`);
}

/** Joins lines by a space, and n blank lines between two by n line breaks. */
function fold(lines: readonly string[]): string {
  let out = "";
  let blanks = 0;
  let first = true;
  for (const line of lines) {
    if (line === "") blanks++;
    else {
      out += (blanks > 0 ? "\n".repeat(blanks) : first ? "" : " ") + line;
      blanks = 0;
      first = false;
    }
  }
  return out;
}
