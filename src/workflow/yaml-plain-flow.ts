/** Flow collections for the quick YAML reader. */
import type { YamlEntry, YamlItem, YamlMap, YamlNode, YamlScalar, YamlSeq } from "./model.ts";
import { plain, plainStart, quoted, quoteEnd } from "./yaml-plain-scalar.ts";
import {
  carriage,
  colon,
  column,
  deepest,
  hash,
  newline,
  type Reader,
  space,
  tab,
  toContent,
  unsure,
} from "./yaml-reader.ts";

/** A flow collection, over several lines if need be; what it is not sure of inside one (comments, pairs in sequences, scalars over lines) is for the full parser. */
export function readFlow(reader: Reader, parent: number): YamlMap | YamlSeq {
  if (++reader.depth > deepest) throw unsure;
  const { text } = reader;
  const start = reader.pos++;
  const isMap = text.charCodeAt(start) === 123;
  const close = isMap ? 125 : 93;
  const items: YamlItem[] = [];
  const entries: YamlEntry[] = [];
  flowBlank(reader, parent);
  while (text.charCodeAt(reader.pos) !== close) {
    if (isMap) {
      const key = flowScalar(reader);
      if (
        text.charCodeAt(reader.pos) !== colon ||
        !(text.charCodeAt(reader.pos + 1) === space || text.charCodeAt(reader.pos + 1) === newline)
      )
        throw unsure;
      reader.pos++;
      flowBlank(reader, parent);
      const value = flowNode(reader, parent);
      entries.push({ key, value, span: { start: key.span.start, end: value.span.end } });
    } else {
      const value = flowNode(reader, parent);
      items.push({ value, span: value.span });
    }
    flowBlank(reader, parent);
    const code = text.charCodeAt(reader.pos);
    if (code === 44) {
      reader.pos++;
      flowBlank(reader, parent);
    } else if (code !== close) throw unsure;
  }
  reader.pos++;
  reader.depth--;
  const span = { start: reader.toByte(start), end: reader.toByte(reader.pos) };
  return isMap ? { kind: "map", span, flow: true, entries } : { kind: "seq", span, flow: true, items };
}

function flowBlank(reader: Reader, parent: number): void {
  const { text } = reader;
  for (;;) {
    const code = text.charCodeAt(reader.pos);
    if (code === space) reader.pos++;
    else if (code === newline || (code === carriage && text.charCodeAt(reader.pos + 1) === newline)) {
      reader.pos += code === newline ? 1 : 2;
      toContent(reader);
      if (column(reader) <= parent) throw unsure;
    } else return;
  }
}

function flowNode(reader: Reader, parent: number): YamlNode {
  const code = reader.text.charCodeAt(reader.pos);
  return code === 91 || code === 123 ? readFlow(reader, parent) : flowScalar(reader);
}

function flowScalar(reader: Reader): YamlScalar {
  const { text } = reader;
  const start = reader.pos;
  const code = text.charCodeAt(start);
  if (code === 34 || code === 39) {
    reader.pos = quoteEnd(text, start, code);
    return quoted(reader, start, reader.pos);
  }
  if (!plainStart(text, start)) throw unsure;
  let at = start;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (
      unit === 44 ||
      unit === 91 ||
      unit === 93 ||
      unit === 123 ||
      unit === 125 ||
      unit === newline ||
      unit === carriage
    )
      break;
    if (unit === colon) {
      const next = text.charCodeAt(at + 1);
      if (next === space || next === newline) break;
      if (
        next === 44 ||
        next === 91 ||
        next === 93 ||
        next === 123 ||
        next === 125 ||
        next === carriage ||
        next === tab
      )
        throw unsure;
    }
    if (unit === tab || (unit === hash && text.charCodeAt(at - 1) === space)) throw unsure;
  }
  reader.pos = at;
  let end = at;
  while (text.charCodeAt(end - 1) === space) end--;
  return plain(reader, start, end);
}
