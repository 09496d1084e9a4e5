/** The full YAML parser (the `yaml` package), its nodes turned into this folder's tree. Used for what the quick reader leaves. */
import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
} from "yaml";
import type {
  Alias,
  ScalarStyle,
  Source,
  Span,
  SyntaxProblem,
  YamlEntry,
  YamlItem,
  YamlNode,
  YamlScalar,
} from "./model.ts";
import { offsetsOf } from "./source.ts";
import { coreValue } from "./yaml-value.ts";

const styles: Record<string, ScalarStyle> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

/** What is wrong, in own words: the parser's messages quote the file, which may hold a secret. */
const sentences: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias takes no anchor or tag",
  BAD_ALIAS: "an alias or anchor has no name that can be read",
  BAD_DIRECTIVE: "this directive is not YAML",
  BAD_DQ_ESCAPE: "this escape does not exist in double quotes",
  BAD_INDENT: "the indentation does not fit what is above",
  BAD_PROP_ORDER: "an anchor or tag stands in the wrong place",
  BAD_SCALAR_START: "a plain value cannot begin with this character",
  BLOCK_AS_IMPLICIT_KEY: "a mapping or sequence begins where a key or a single value is expected",
  BLOCK_IN_FLOW: "block style cannot stand inside brackets or braces",
  KEY_OVER_1024_CHARS: "the key is longer than 1024 characters",
  MISSING_CHAR: "a quote, bracket, colon or blank is missing here",
  MULTILINE_IMPLICIT_KEY: "a key must stand on one line",
  MULTIPLE_ANCHORS: "a value can have one anchor only",
  MULTIPLE_DOCS: "the file holds more than one document",
  MULTIPLE_TAGS: "a value can have one tag only",
  RESOURCE_EXHAUSTION: "the file is nested or repeated beyond what can be read",
  TAB_AS_INDENT: "a tab stands where only spaces may indent",
  TAG_RESOLVE_FAILED: "this tag is not known or does not fit the value",
  UNEXPECTED_TOKEN: "this does not belong here",
};

/** The tree of a file with what the YAML syntax does not allow in it. */
export type YamlTree = { root: YamlNode | undefined; problems: SyntaxProblem[] };

/** Reads any YAML. Never throws: what is wrong is in `problems`, with its place. Nesting that overflows the parser's stack is a problem too. */
export function readFullYaml(source: Source): YamlTree {
  try {
    return readDocument(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      root: undefined,
      problems: [{ message: "nested too deep to be read", span: { start: 0, end: source.bytes.length } }],
    };
  }
}

type Reading = {
  source: Source;
  toByte: (at: number) => number;
  document: Document;
  problems: SyntaxProblem[];
  anchors: Map<string, YamlNode>;
};

function readDocument(source: Source): YamlTree {
  const { toByte } = offsetsOf(source);
  const document = parseDocument(source.text, {
    keepSourceTokens: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  }) as Document;
  const length = source.text.length;
  const problems = document.errors.map((error) => ({
    message: sentences[error.code] ?? "this is not YAML",
    span: {
      start: toByte(Math.min(behindBlanks(source.text, error.pos[0]), length)),
      end: toByte(Math.min(Math.max(error.pos[1], behindBlanks(source.text, error.pos[0])), length)),
    },
  }));
  const reading: Reading = { source, toByte, document, problems, anchors: new Map() };
  const root = document.contents === null ? undefined : nodeOf(reading, document.contents as Node, 0);
  return { root, problems };
}

function nodeOf(reading: Reading, node: Node, fallback: number): YamlNode {
  if (isScalar(node)) return remember(reading, node.anchor, scalarOf(reading, node, fallback));
  const [start, end] = rangeOf(node, fallback);
  const span = { start: reading.toByte(start), end: reading.toByte(trimmed(reading.source.text, start, end)) };
  if (isMap(node)) {
    const entries: YamlEntry[] = [];
    const map = remember(reading, node.anchor, { kind: "map", span, flow: node.flow === true, entries });
    let at = start;
    for (const pair of node.items) {
      const key = keyOf(reading, pair.key as Node | null, at);
      at = rangeOf(pair.key as Node | null, at)[1];
      const { value, alias } = targetOf(reading, pair.value as Node | null, at);
      if (isNothing(value, alias)) value.span = pointAt(reading, behindColon(reading.source.text, at));
      at = Math.max(at, rangeOf(pair.value as Node | null, at)[1]);
      const end = alias?.span.end ?? value.span.end;
      entries.push({
        key,
        value,
        span: { start: key.span.start, end: Math.max(end, key.span.end) },
        ...(alias && { alias }),
      });
    }
    const last = entries.at(-1);
    if (!map.flow && last !== undefined) map.span = { start: span.start, end: last.span.end };
    return map;
  }
  if (isSeq(node)) {
    const items: YamlItem[] = [];
    const seq = remember(reading, node.anchor, { kind: "seq", span, flow: node.flow === true, items });
    let at = start;
    for (const item of node.items) {
      const { value, alias } = targetOf(reading, item as Node | null, at);
      // The parser keeps no place of the dash: it is the last one before the item with only blanks and properties between.
      const dash = seq.flow ? -1 : dashBefore(reading.source.text, at, rangeOf(item as Node | null, at)[0]);
      if (dash >= 0 && isNothing(value, alias)) value.span = pointAt(reading, dash + 1);
      const own = alias?.span ?? value.span;
      const from = dash < 0 ? own.start : reading.toByte(dash);
      at = Math.max(at, rangeOf(item as Node | null, at)[1]);
      items.push({ value, span: { start: from, end: own.end }, ...(alias && { alias }) });
    }
    const last = items.at(-1);
    if (!seq.flow && last !== undefined) seq.span = { start: span.start, end: last.span.end };
    return seq;
  }
  reading.problems.push({ message: "an alias cannot stand here", span });
  return emptyAt(reading, start);
}

function remember<T extends YamlNode>(reading: Reading, anchor: string | undefined, node: T): T {
  if (anchor !== undefined) {
    node.anchor = anchor;
    reading.anchors.set(anchor, node);
  }
  return node;
}

function targetOf(reading: Reading, node: Node | null, at: number): { value: YamlNode; alias?: Alias } {
  if (node === null || node === undefined) return { value: emptyAt(reading, at) };
  if (!isAlias(node)) return { value: nodeOf(reading, node, at) };
  const [start, end] = rangeOf(node, at);
  const span: Span = { start: reading.toByte(start), end: reading.toByte(end) };
  const target = reading.anchors.get(node.source);
  if (target === undefined) reading.problems.push({ message: "this alias has no anchor before it", span });
  return { value: target ?? emptyAt(reading, start), alias: { name: node.source, span } };
}

function keyOf(reading: Reading, node: Node | null, at: number): YamlScalar {
  if (node === null || node === undefined) return emptyAt(reading, at);
  if (isAlias(node)) {
    const target = reading.anchors.get(node.source);
    const [start, end] = rangeOf(node, at);
    const span = { start: reading.toByte(start), end: reading.toByte(end) };
    if (target?.kind === "scalar") return { ...target, span };
    reading.problems.push({ message: "a key must be a scalar", span });
    return emptyAt(reading, start);
  }
  const key = nodeOf(reading, node, at);
  if (key.kind === "scalar") return key;
  reading.problems.push({ message: "a key must be a scalar", span: key.span });
  return emptyAt(reading, at);
}

function rangeOf(node: Node | null | undefined, fallback: number): [number, number] {
  const range = node?.range;
  return range ? [range[0], range[1]] : [fallback, fallback];
}

function emptyAt(reading: Reading, at: number): YamlScalar {
  const byte = reading.toByte(at);
  return { kind: "scalar", span: { start: byte, end: byte }, style: "empty", text: "", value: null };
}

function scalarOf(reading: Reading, node: Scalar, fallback: number): YamlScalar {
  const [start, rangeEnd] = rangeOf(node, fallback);
  const style = styles[node.type ?? "PLAIN"] ?? "plain";
  const end = style === "literal" || style === "folded" ? trimmed(reading.source.text, start, rangeEnd) : rangeEnd;
  if (start === end) return emptyAt(reading, start);
  const text =
    style === "plain"
      ? (node.source ?? String(node.value))
      : typeof node.value === "string"
        ? node.value
        : (node.source ?? "");
  const value = style !== "plain" ? text : node.tag === undefined ? coreValue(text) : primitive(node.value, text);
  return { kind: "scalar", span: { start: reading.toByte(start), end: reading.toByte(end) }, style, text, value };
}

function primitive(value: unknown, text: string): string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : text;
}

/** A node's end without the line breaks and lines of blanks that the parser counts to block scalars and block collections. */
function trimmed(text: string, start: number, end: number): number {
  let at = end;
  for (;;) {
    let before = at;
    while (before > start && text.charAt(before - 1) === " ") before--;
    if (before <= start || text.charAt(before - 1) !== "\n") return at;
    at = text.charAt(before - 2) === "\r" ? before - 2 : before - 1;
  }
}

/** The parser puts errors of indentation at the beginning of the line; people look for its first character. */
function behindBlanks(text: string, from: number): number {
  let at = from;
  while (text.charAt(at) === " ") at++;
  return at;
}

/** Whether a value is not there at all, so that its place is a matter of choice: right behind the colon or dash. */
function isNothing(value: YamlNode, alias: Alias | undefined): value is YamlScalar {
  return alias === undefined && value.kind === "scalar" && value.style === "empty" && value.anchor === undefined;
}

function pointAt(reading: Reading, at: number): Span {
  const byte = reading.toByte(at);
  return { start: byte, end: byte };
}

/** Offset behind the colon of a key that ends at `from`; `from` where it has none. */
function behindColon(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text.charAt(at))) at++;
  return text.charAt(at) === ":" ? at + 1 : from;
}

/** Offset of the dash of an item that begins at `to`: the first dash behind `from` that no comment holds. */
function dashBefore(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const character = text.charAt(at);
    if (character === "-" && /\s|^$/.test(text.charAt(at + 1))) return at;
    if (character === "#" && (at === 0 || /\s/.test(text.charAt(at - 1)))) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? to : end;
    } else at++;
  }
  return to;
}
