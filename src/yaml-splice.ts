/** Small edits of YAML files as splices of text: what stands there keeps its comments, order and spelling. */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify, type YAMLSeq } from "yaml";
import type { Edit } from "./finding.ts";

/** Why a file cannot be spliced: it is written in flow style (`[…]`, `{…}`) where a block is needed. */
export type SpliceRefusal = "flow";

/** A value as one line of YAML, quoted where it must be. Inner mappings are written in flow style. */
export function yamlLine(value: unknown): string {
  if (typeof value === "string") return stringify(value.replace(/\s+/g, " ").trim(), { lineWidth: 0 }).trimEnd();
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const parts = Object.entries(value).map(([key, inner]) => `${key}: ${flowSafe(inner)}`);
    return `{ ${parts.join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** Within `{ … }` a comma or brace ends a plain text, so anything but a plain word is quoted. */
function flowSafe(value: unknown): string {
  if (typeof value !== "string") return yamlLine(value);
  const line = yamlLine(value);
  return /^[A-Za-z0-9][A-Za-z0-9 ./_-]*$/.test(value) ? line : JSON.stringify(value.replace(/\s+/g, " ").trim());
}

/** Fields as one block item of a list. In: keys with their values (undefined ones are left out), the indent, the line break, and a comment behind the first. */
export function listItem(
  fields: Readonly<Record<string, unknown>>,
  indent: string,
  eol: string,
  comment?: string,
): string {
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${yamlLine(value)}`],
  );
  const behind = comment === undefined ? "" : ` # ${comment.replace(/\s+/g, " ")}`;
  return lines.map((line, index) => `${indent}${index === 0 ? `- ${line}${behind}` : `  ${line}`}${eol}`).join("");
}

/** An item to be written, and a comment behind its first line. */
export type NewItem = { fields: Readonly<Record<string, unknown>>; comment?: string | undefined };

/**
 * The text with more items in the list under a key of the root; the key is added at the end where it is missing.
 * In: the text, the key, the items, and before which of the present items (by index) they are to stand; undefined for the end.
 * Out: the new text, or "flow" where the list or the root is in flow style.
 */
export function insertItems(
  withMark: string,
  key: string,
  items: readonly NewItem[],
  before?: (present: readonly Node[]) => number | undefined,
): string | SpliceRefusal {
  const blocks = (indent: string, lineBreak: string) =>
    items.map(({ fields, comment }) => listItem(fields, indent, lineBreak, comment)).join("");
  // Offsets are into the text without its byte order mark.
  const mark = withMark.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = withMark.slice(mark.length);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const root = rootOf(text);
  if (isMap(root) && root.flow) return "flow";
  const pair = isMap(root) ? pairAt(root, key) : undefined;
  const insert = (at: number, block: string): string => {
    const opened = at > 0 && text[at - 1] !== "\n" ? eol : "";
    return mark + text.slice(0, at) + opened + block + text.slice(at);
  };
  if (pair === undefined) return insert(text.length, `${key}:${eol}${blocks("  ", eol)}`);
  const list = isSeq(pair.value) ? (pair.value as YAMLSeq<Node>) : undefined;
  const keyEnd = pair.key.range![1];
  if (list === undefined || list.items.length === 0) {
    // `key:`, `key: null` or `key: []`; whatever stood for "nothing" goes.
    const colon = text.indexOf(":", keyEnd) + 1;
    const [start, end] = pair.value?.range ?? [colon, colon];
    const without = text.slice(0, colon) + text.slice(end > start ? end : colon);
    const at = lineEnd(without, colon);
    const opened = without[at - 1] === "\n" ? "" : eol;
    return mark + without.slice(0, at) + opened + blocks("  ", eol) + without.slice(at);
  }
  if (list.flow) return "flow";
  const next = before?.(list.items);
  const indent = " ".repeat(columnOf(text, list.range![0]));
  const previous = next === undefined ? list.items.at(-1) : list.items[next - 1];
  const at = previous ? lineEnd(text, lastOffset(previous)) : lineEnd(text, keyEnd);
  return insert(at, blocks(indent, eol));
}

/**
 * The text with one more key in a mapping: on a line of its own behind the mapping's last, or before the brace in flow style.
 * In: the text, the keys and indices of the mapping, the new key and its value. Throws a RangeError where there is no mapping.
 */
export function insertKey(withMark: string, path: readonly (string | number)[], key: string, value: unknown): string {
  const mark = withMark.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = withMark.slice(mark.length);
  let node = rootOf(text);
  for (const step of path) {
    const next = isMap(node) ? pairAt(node, String(step))?.value : isSeq(node) ? node.items[Number(step)] : null;
    node = (next ?? null) as Node | null;
  }
  if (!isMap(node)) throw new RangeError("insertKey: there is no mapping at this path");
  const insert = (at: number, added: string): string => mark + text.slice(0, at) + added + text.slice(at);
  if (node.flow) {
    const at = node.items.length === 0 ? node.range![0] + 1 : lastOffset(node);
    return insert(at, `${node.items.length === 0 ? " " : ", "}${key}: ${flowSafe(value)}`);
  }
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const at = lineEnd(text, lastOffset(node));
  const opened = at > 0 && text[at - 1] !== "\n" ? eol : "";
  return insert(at, `${opened}${" ".repeat(columnOf(text, node.range![0]))}${key}: ${yamlLine(value)}${eol}`);
}

/** The text with edits made. In: edits at byte offsets that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly Pick<Edit, "start" | "end" | "text">[]): string {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < from) throw new RangeError("applyEdits: two edits overlap");
    parts.push(bytes.subarray(from, edit.start), Buffer.from(edit.text));
    from = edit.end;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]).toString("utf8");
}

function rootOf(text: string): Node | null {
  return parseDocument(text, { uniqueKeys: false, stringKeys: true }).contents as Node | null;
}

function pairAt(node: Node, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap(node)) return undefined;
  return (node.items as Pair<Node, Node | null>[]).find(({ key: own }) => isScalar(own) && own.value === key);
}

/** Offset behind the last character of a mapping's own text. */
function lastOffset(item: Node): number {
  const last = isMap(item) ? (item.items.at(-1) as Pair<Node, Node | null> | undefined) : undefined;
  if (isMap(last?.value) && !last.value.flow) return lastOffset(last.value);
  const value = last?.value?.range ?? last?.key.range ?? item.range;
  // The end of a block scalar is the start of the next line.
  return Math.max(0, value![1] - (last?.value && isScalar(last.value) && last.value.type?.startsWith("BLOCK") ? 1 : 0));
}

/** Offset behind the line break of the line that an offset stands on. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}
