/**
 * A reader for the YAML that nearly every workflow is written in: block mappings and sequences, one-line scalars, block scalars, comments,
 * flow collections, anchors and aliases of values. It exists for speed (ten times the full parser's). Whatever it is not sure of (tags, anchors
 * elsewhere, tabs, odd indentation, every error) it leaves to the full parser, so it never decides that a file is wrong. A test
 * compares the two trees.
 */
import type { Source, YamlEntry, YamlItem, YamlMap, YamlNode, YamlScalar, YamlSeq } from "./model.ts";
import { offsetsOf } from "./source.ts";
import { readFlow } from "./yaml-plain-flow.ts";
import { emptyAt, plain, plainStart, quoted, quoteEnd, readBlockScalar, readPlain } from "./yaml-plain-scalar.ts";
import {
  carriage,
  colon,
  column,
  dash,
  deepest,
  endLine,
  type Given,
  hash,
  lineOver,
  newline,
  type Reader,
  space,
  tab,
  toContent,
  unsure,
} from "./yaml-reader.ts";

/** The tree of a file, or undefined when the full parser has to read it. Never throws. */
export function readPlainYaml(source: Source): YamlNode | undefined {
  const { text } = source;
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const reader: Reader = {
    text,
    pos: start,
    lineStart: start,
    depth: 0,
    toByte: offsetsOf(source).toByte,
    anchors: new Map(),
  };
  try {
    if (text.startsWith("---", start)) skipDocumentStart(reader);
    else toContent(reader);
    if (reader.pos >= text.length || column(reader) !== 0) return undefined;
    const root = readBlock(reader, -1);
    return reader.pos >= text.length ? root : undefined;
  } catch (error) {
    if (error === unsure) return undefined;
    throw error;
  }
}

function skipDocumentStart(reader: Reader): void {
  reader.pos += 3;
  endLine(reader);
  toContent(reader);
}

/** A node that begins at the reader's position; its column is its indentation. */
function readBlock(reader: Reader, parent: number): YamlNode {
  if (++reader.depth > deepest) throw unsure;
  const indent = column(reader);
  const node = isDash(reader)
    ? readSeq(reader, indent)
    : keyColon(reader) >= 0
      ? readMap(reader, indent)
      : readValue(reader, parent);
  reader.depth--;
  return node;
}

function isDash(reader: Reader): boolean {
  if (reader.text.charCodeAt(reader.pos) !== dash) return false;
  const next = reader.text.charCodeAt(reader.pos + 1);
  return next === space || next === newline || next === carriage || Number.isNaN(next);
}

function readSeq(reader: Reader, indent: number): YamlSeq {
  const start = reader.pos;
  const items: YamlItem[] = [];
  let end = start;
  while (reader.pos < reader.text.length && column(reader) === indent && isDash(reader)) {
    const from = reader.toByte(reader.pos);
    reader.pos++;
    const dashEnd = reader.pos;
    while (reader.text.charCodeAt(reader.pos) === space) reader.pos++;
    const anchor = readAnchor(reader);
    const { value, alias } = readItem(reader, indent, dashEnd, anchor);
    note(reader, anchor, value);
    end = alias?.span.end ?? value.span.end;
    items.push({ value, span: { start: from, end }, ...(alias && { alias }) });
  }
  checkOutdent(reader, indent);
  return { kind: "seq", span: { start: reader.toByte(start), end }, flow: false, items };
}

/** What a key holds: on its line, or below it. */
function readUnder(reader: Reader, indent: number, behindColon: number, anchor: string | undefined): Given {
  const { text } = reader;
  if (!lineOver(text, reader.pos)) return readGiven(reader, indent, anchor);
  endLine(reader);
  toContent(reader);
  const inner = reader.pos < text.length ? column(reader) : -1;
  if (inner > indent) return { value: readBlock(reader, indent) };
  if (inner === indent && isDash(reader)) return { value: readSeq(reader, indent) };
  if (anchor !== undefined) throw unsure;
  return { value: emptyAt(reader, behindColon) };
}

/** What a dash holds. */
function readItem(reader: Reader, indent: number, behindDash: number, anchor: string | undefined): Given {
  const { text } = reader;
  if (lineOver(text, reader.pos)) {
    endLine(reader);
    toContent(reader);
    if (reader.pos < text.length && column(reader) > indent) return { value: readBlock(reader, indent) };
    if (anchor !== undefined) throw unsure;
    return { value: emptyAt(reader, behindDash) };
  }
  // An anchor before a mapping on the same line would be that of its first key.
  if (anchor !== undefined) throw unsure;
  return text.charCodeAt(reader.pos) === asterisk
    ? readGiven(reader, indent, undefined)
    : { value: readBlock(reader, indent) };
}

const ampersand = 38;
const asterisk = 42;

function isNameUnit(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === dash
  );
}

/** The offset behind the name that begins here. */
function nameEnd(text: string, from: number): number {
  let at = from;
  while (isNameUnit(text.charCodeAt(at))) at++;
  if (at === from) throw unsure;
  return at;
}

/** `&name` before a value, and the blanks behind it. */
function readAnchor(reader: Reader): string | undefined {
  const { text } = reader;
  if (text.charCodeAt(reader.pos) !== ampersand) return undefined;
  const end = nameEnd(text, reader.pos + 1);
  const name = text.slice(reader.pos + 1, end);
  reader.pos = end;
  if (text.charCodeAt(end) !== space && !lineOver(text, end)) throw unsure;
  while (text.charCodeAt(reader.pos) === space) reader.pos++;
  return name;
}

function note(reader: Reader, anchor: string | undefined, value: YamlNode): void {
  if (anchor === undefined) return;
  if (value.anchor !== undefined) throw unsure;
  value.anchor = anchor;
  reader.anchors.set(anchor, value);
}

/** A value on this line, or the alias that stands for one. */
function readGiven(reader: Reader, indent: number, anchor: string | undefined): Given {
  const { text } = reader;
  if (text.charCodeAt(reader.pos) !== asterisk) return { value: readValue(reader, indent) };
  const start = reader.pos;
  const end = nameEnd(text, start + 1);
  const name = text.slice(start + 1, end);
  const value = reader.anchors.get(name);
  if (value === undefined || anchor !== undefined) throw unsure;
  reader.pos = end;
  if (text.charCodeAt(end) !== space && !lineOver(text, end)) throw unsure;
  endLine(reader);
  toContent(reader);
  if (reader.pos < text.length && column(reader) > indent) throw unsure;
  return { value, alias: { name, span: { start: reader.toByte(start), end: reader.toByte(end) } } };
}

/** What follows a collection is at the end or further out; anything else is odd. */
function checkOutdent(reader: Reader, indent: number): void {
  if (reader.pos < reader.text.length && column(reader) > indent) throw unsure;
}

function readMap(reader: Reader, indent: number): YamlMap {
  const { text } = reader;
  const start = reader.pos;
  const entries: YamlEntry[] = [];
  let end = start;
  while (reader.pos < text.length && column(reader) === indent && !isDash(reader)) {
    const at = keyColon(reader);
    if (at < 0) throw unsure;
    const key = readKey(reader, at);
    reader.pos = at + 1;
    while (text.charCodeAt(reader.pos) === space) reader.pos++;
    const anchor = readAnchor(reader);
    const { value, alias } = readUnder(reader, indent, at + 1, anchor);
    note(reader, anchor, value);
    end = alias?.span.end ?? value.span.end;
    entries.push({ key, value, span: { start: key.span.start, end }, ...(alias && { alias }) });
  }
  checkOutdent(reader, indent);
  return { kind: "map", span: { start: reader.toByte(start), end }, flow: false, entries };
}

/** The offset of the colon behind the key that begins here, or -1 when no key of a simple form does. */
function keyColon(reader: Reader): number {
  const { text } = reader;
  const code = text.charCodeAt(reader.pos);
  if (code === 34 || code === 39) {
    const close = quoteEnd(text, reader.pos, code);
    const next = text.charCodeAt(close + 1);
    return text.charCodeAt(close) === colon ? (isBreakOrBlank(next) ? close : -1) : -1;
  }
  if (!plainStart(text, reader.pos)) return -1;
  for (let at = reader.pos; ; at++) {
    const unit = text.charCodeAt(at);
    if (unit === colon) {
      if (isBreakOrBlank(text.charCodeAt(at + 1))) return at;
    } else if (unit === newline || Number.isNaN(unit)) return -1;
    else if (unit === hash && text.charCodeAt(at - 1) === space) return -1;
    else if (unit === tab || unit === carriage) {
      if (unit === carriage && text.charCodeAt(at + 1) === newline) return -1;
      throw unsure;
    }
  }
}

function isBreakOrBlank(code: number): boolean {
  if (code === tab) throw unsure;
  return code === space || code === newline || code === carriage || Number.isNaN(code);
}

function readKey(reader: Reader, end: number): YamlScalar {
  const code = reader.text.charCodeAt(reader.pos);
  if (code === 34 || code === 39) return quoted(reader, reader.pos, end);
  let to = end;
  while (reader.text.charCodeAt(to - 1) === space) to--;
  // GitHub's parser takes a key of up to 1024 characters; longer ones are for the full parser to refuse.
  if (to - reader.pos > 1000) throw unsure;
  return plain(reader, reader.pos, to);
}

/** A scalar or flow collection that begins here, up to and past the blank lines behind it. `parent`: indentation of the collection that holds it. */
function readValue(reader: Reader, parent: number): YamlNode {
  const { text } = reader;
  const code = text.charCodeAt(reader.pos);
  if (code === 124 || code === 62) return readBlockScalar(reader, parent);
  let node: YamlNode;
  if (code === 34 || code === 39) {
    const start = reader.pos;
    reader.pos = quoteEnd(text, start, code);
    node = quoted(reader, start, reader.pos);
  } else if (code === 91 || code === 123) node = readFlow(reader, parent);
  else {
    if (!plainStart(text, reader.pos)) throw unsure;
    node = readPlain(reader, parent);
  }
  endLine(reader);
  toContent(reader);
  // Deeper text on the next line would continue a plain scalar or be an error.
  if (reader.pos < text.length && column(reader) > parent) throw unsure;
  return node;
}
