/** Where each part of a YAML file stands, in little memory: registers have thousands of entries, and each knows its place. */
import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { KeyPath } from "./schema-error.ts";

/** Start and end of a part in one number. */
type Span = number;
/** Where the parts of a value stand. It lives as long as the value, and takes a tenth of what the parser's nodes do. */
export type Outline =
  | Span
  | { span: Span; names: readonly string[] | undefined; keys: readonly Span[]; parts: readonly Outline[] };

/** No file is as long (`yamlSizeLimit`). */
const spanBase = 2 ** 20;

/** In: a node with its offsets in a text that `readYaml` takes, and the names of keys so far, each of which is kept once. */
export function outlineOf(node: Node | null, names: Map<string, string> = new Map()): Outline {
  const span = node?.range ? node.range[0] * spanBase + node.range[1] : 0;
  if (isSeq(node))
    return { span, names: undefined, keys: [], parts: node.items.map((item) => outlineOf(item as Node | null, names)) };
  if (!isMap(node)) return span;
  const pairs = node.items as Pair<Node, Node | null>[];
  const keys = pairs.map(({ key }) => spanOf(outlineOf(key, names)));
  return {
    span,
    names: pairs.map(({ key }) => once(isScalar(key) ? String(key.value) : "", names)),
    keys,
    // A key without a value has a place all the same: the key's.
    parts: pairs.map(({ value }, at) => (emptyNode(value) ? keys[at]! : outlineOf(value, names))),
  };
}

function once(name: string, names: Map<string, string>): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}

/** The part at a path; when the path leaves the file, the last one that exists. */
export function partAt(outline: Outline, path: KeyPath, part: "key" | "value"): Outline {
  let found = outline;
  for (const [depth, step] of path.entries()) {
    if (typeof found === "number") return found;
    const at = found.names === undefined ? Number(step) : found.names.indexOf(String(step));
    const asksKey = part === "key" && depth === path.length - 1 && found.names !== undefined;
    const next: Outline | undefined = asksKey ? found.keys[at] : found.parts[at];
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

function emptyNode(node: Node | null): boolean {
  return node === null || (node.range !== undefined && node.range !== null && node.range[0] === node.range[1]);
}

function spanOf(outline: Outline): Span {
  return typeof outline === "number" ? outline : outline.span;
}

/** Where a part begins and ends in the text. */
export function rangeOf(outline: Outline): [number, number] {
  const span = spanOf(outline);
  return [Math.floor(span / spanBase), span % spanBase];
}
