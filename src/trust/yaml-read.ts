/** YAML documents as values. CloudFormation's short tags are read as the functions they stand for. */
import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type Scalar } from "yaml";
import type { Source, Span } from "./source.ts";
import { type MapEntry, type Origin, textValue, unknownValue, type Value } from "./value.ts";

/** Open brackets at one time: beyond it the YAML parser takes seconds to give up. */
const nestingLimit = 100;

/** Largest file that is read, in UTF-16 units: the parser takes several seconds for a megabyte of short lines. */
const yamlSizeLimit = 400_000;

/** The documents of a file; undefined where it is no YAML that can be read. */
export function readYamlDocuments(source: Source): Value[] | undefined {
  if (source.text.length > yamlSizeLimit || isTooDeep(source.text)) return undefined;
  const documents = parseAllDocuments(source.text, {
    logLevel: "silent",
    uniqueKeys: false,
    prettyErrors: false,
    strict: false,
  });
  if (!Array.isArray(documents)) return [];
  const values: Value[] = [];
  for (const document of documents) {
    if (document.errors.some((error) => error.code !== "TAG_RESOLVE_FAILED")) return undefined;
    const anchors = new Map<string, Node>();
    if (document.contents !== null)
      values.push(nodeValue(document.contents as Node, { source, anchors, budget: 100_000 }, 0));
  }
  return values;
}

function isTooDeep(text: string): boolean {
  let open = 0;
  let dashes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) open++;
    else if ((unit === 0x5d || unit === 0x7d) && open > 0) open--;
    else if (unit === 0x0a) {
      dashes = 0;
    } else if ((unit === 0x2d || unit === 0x3f) && text.charCodeAt(at + 1) === 0x20) dashes++;
    if (open > nestingLimit || dashes > nestingLimit * 2) return true;
  }
  return false;
}

type Reading = { source: Source; anchors: Map<string, Node>; budget: number };

function spanOf(node: Node, source: Source): Span {
  const [start, end] = node.range ?? [0, 0];
  return { source, start, end };
}

function nodeValue(node: Node, reading: Reading, depth: number): Value {
  const span = spanOf(node, reading.source);
  // The source may name a node many times through aliases: what is read stays bounded.
  if (--reading.budget < 0 || depth > nestingLimit) return unknownValue("too much to read", span);
  if (isAlias(node)) {
    const target = reading.anchors.get(node.source);
    return target === undefined
      ? unknownValue(`no anchor ${node.source}`, span)
      : nodeValue(target, reading, depth + 1);
  }
  const { anchor } = node as { anchor?: string };
  if (anchor !== undefined) reading.anchors.set(anchor, node);
  return tagged(node, plainValue(node, reading, depth), span);
}

function plainValue(node: Node, reading: Reading, depth: number): Value {
  const span = spanOf(node, reading.source);
  if (isMap(node)) {
    const entries: MapEntry[] = [];
    for (const { key, value } of node.items) {
      const keyNode = key as Node | null;
      if (!isScalar(keyNode)) continue;
      const read =
        value === null ? { kind: "plain" as const, value: null, span } : nodeValue(value as Node, reading, depth + 1);
      if (keyNode.value === "<<" && read.kind === "map") entries.unshift(...read.entries);
      else entries.push({ key: String(keyNode.value), keySpan: spanOf(keyNode as Node, reading.source), value: read });
    }
    return { kind: "map", entries, span };
  }
  if (isSeq(node))
    return { kind: "list", items: node.items.map((item) => nodeValue(item as Node, reading, depth + 1)), span };
  if (isScalar(node)) return scalarValue(node, span);
  return unknownValue("a value that cannot be read", span);
}

function scalarValue(node: Scalar, span: Span): Value {
  const { value } = node;
  if (value === null || typeof value === "boolean") return { kind: "plain", value, span };
  // The digits as written: an id may be longer than a number holds.
  if (typeof value === "number") {
    return node.source !== undefined && String(value) !== node.source
      ? textValue(node.source, span)
      : { kind: "plain", value, span };
  }
  const text = String(value);
  return { kind: "text", text, span, origins: originsOf(text, span, node.type) };
}

/** Where the characters of a scalar stand: one by one for a plain or quoted one without escapes, line by line for a literal block. */
function originsOf(text: string, span: Span, type: string | undefined): Origin[] {
  const { text: file } = span.source;
  const quote = type === "QUOTE_SINGLE" || type === "QUOTE_DOUBLE" ? 1 : 0;
  if (file.startsWith(text, span.start + quote)) return [{ text: 0, source: span.start + quote }];
  if (type !== "BLOCK_LITERAL" && type !== "BLOCK_FOLDED") return [];
  const origins: Origin[] = [];
  let at = file.indexOf("\n", span.start) + 1;
  let inText = 0;
  for (const line of text.split("\n")) {
    if (line !== "") {
      const found = file.indexOf(line, at);
      if (found < 0 || found >= span.end) return origins;
      origins.push({ text: inText, source: found });
      at = found + line.length;
    }
    inText += line.length + 1;
  }
  return origins;
}

const shortTags = new Set([
  "Sub",
  "Join",
  "GetAtt",
  "FindInMap",
  "ImportValue",
  "Select",
  "Split",
  "If",
  "Base64",
  "Transform",
  "Cidr",
  "GetAZs",
  "And",
  "Or",
  "Not",
  "Equals",
  "ToJsonString",
  "Length",
]);

function tagged(node: Node, value: Value, span: Span): Value {
  const { tag } = node as { tag?: string };
  if (tag === undefined || !tag.startsWith("!") || tag === "!") return value;
  const name = tag.slice(1);
  const key = name === "Ref" || name === "Condition" ? name : shortTags.has(name) ? `Fn::${name}` : undefined;
  if (key === undefined) return unknownValue(`the tag ${tag} is not known`, span);
  return { kind: "map", entries: [{ key, keySpan: span, value }], span };
}
