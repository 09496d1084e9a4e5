/**
 * A reader for the YAML that nearly every workflow is written in: block mappings and sequences, one-line scalars, block scalars, comments,
 * flow collections. It exists for speed (ten times the full parser's). Whatever it is not sure of (anchors, tags, scalars over several
 * lines, tabs, odd indentation, every error) it leaves to the full parser, so it never decides that a file is wrong. A test
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
  const reader: Reader = { text, pos: start, lineStart: start, depth: 0, toByte: offsetsOf(source).toByte };
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
    let value: YamlNode;
    if (lineOver(reader.text, reader.pos)) {
      endLine(reader);
      toContent(reader);
      value =
        reader.pos < reader.text.length && column(reader) > indent
          ? readBlock(reader, indent)
          : emptyAt(reader, dashEnd);
    } else value = readBlock(reader, indent);
    end = value.span.end;
    items.push({ value, span: { start: from, end } });
  }
  checkOutdent(reader, indent);
  return { kind: "seq", span: { start: reader.toByte(start), end }, flow: false, items };
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
    let value: YamlNode;
    if (lineOver(text, reader.pos)) {
      endLine(reader);
      toContent(reader);
      const inner = reader.pos < text.length ? column(reader) : -1;
      if (inner > indent) value = readBlock(reader, indent);
      else if (inner === indent && isDash(reader)) value = readSeq(reader, indent);
      else value = emptyAt(reader, at + 1);
    } else value = readValue(reader, indent);
    end = value.span.end;
    entries.push({ key, value, span: { start: key.span.start, end } });
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
