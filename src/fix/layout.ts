/** How a file is written: line ends, indentation, how far a list stands in. Text that is put in takes on the same. */
import type { Source, Span, Workflow, YamlEntry, YamlItem, YamlMap, YamlNode, YamlSeq } from "../workflow/model.ts";

const newline = 10;
const carriage = 13;
const space = 32;
const tab = 9;
const hash = 35;

/** The line end of a file: what its first line ends with; `\n` for a file of one line. */
export function lineEnd(bytes: Uint8Array): string {
  const at = bytes.indexOf(newline);
  return at > 0 && bytes[at - 1] === carriage ? "\r\n" : "\n";
}

/** Offset of the first byte of the line that holds `at`; after the byte order mark on the first line. */
export function lineStart(bytes: Uint8Array, at: number): number {
  const before = bytes.lastIndexOf(newline, at - 1);
  if (before >= 0 && at > 0) return before + 1;
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Offset past the end of the line that holds `at`, its line end included. */
export function nextLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(newline, at);
  return end < 0 ? bytes.length : end + 1;
}

/** Column of an offset, in bytes from its line's start. */
export function columnOf(bytes: Uint8Array, at: number): number {
  return at - lineStart(bytes, at);
}

/** Whether only spaces stand between the start of the line and `at`. */
export function isFirstOnLine(bytes: Uint8Array, at: number): boolean {
  for (let i = lineStart(bytes, at); i < at; i++) if (bytes[i] !== space) return false;
  return true;
}

/** Whether nothing but blanks and a comment stands between `at` and the end of the line. */
export function endsLine(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === newline || byte === hash) return true;
    if (byte !== space && byte !== tab && byte !== carriage) return false;
  }
  return true;
}

/** What a line holds: nothing, a comment, or text. `at` is the line's start. */
export function lineKind(bytes: Uint8Array, at: number): "blank" | "comment" | "text" {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === newline) return "blank";
    if (byte === hash) return "comment";
    if (byte !== space && byte !== tab && byte !== carriage) return "text";
  }
  return "blank";
}

/**
 * The first tab that stands in the indentation of a line outside block scalars, if any: columns cannot be counted there, so such a file is not edited.
 * Lines of block scalars are text of their own.
 */
export function tabInIndentation(source: Source, root: YamlNode): number | undefined {
  const blocks = blockScalars(root);
  const { bytes } = source;
  let next = 0;
  for (let at = 0; at < bytes.length; at = nextLine(bytes, at)) {
    while (next < blocks.length && (blocks[next]?.end ?? 0) < at) next++;
    const inside = (blocks[next]?.start ?? bytes.length) < at;
    if (inside || lineKind(bytes, at) !== "text") continue;
    for (let i = at; bytes[i] === space || bytes[i] === tab; i++) if (bytes[i] === tab) return i;
  }
  return undefined;
}

function blockScalars(root: YamlNode): Span[] {
  const spans: Span[] = [];
  const seen = new Set<YamlNode>();
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "scalar") {
      if (node.style === "literal" || node.style === "folded") spans.push(node.span);
    } else if (node.kind === "map") for (const entry of node.entries) pending.push(entry.value);
    else for (const item of node.items) pending.push(item.value);
  }
  return spans.sort((a, b) => a.start - b.start);
}

/**
 * How many columns a mapping stands further in than its parent's keys: what most mappings below the first example that has any show.
 * In: the file and mappings from the nearest outwards (a step, its job, the root). Out: 2 where nothing shows it.
 */
export function indentUnit(source: Source, examples: readonly YamlMap[]): number {
  for (const map of examples) {
    const counts = new Map<number, number>();
    countOffsets(source, map, counts);
    const [most] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
    if (most !== undefined) return most[0];
  }
  return 2;
}

function countOffsets(source: Source, node: YamlNode, counts: Map<number, number>): void {
  if (node.kind === "scalar" || node.flow) return;
  if (node.kind === "seq") {
    for (const item of node.items) if (item.alias === undefined) countOffsets(source, item.value, counts);
    return;
  }
  for (const entry of node.entries) {
    if (entry.alias !== undefined) continue;
    const offset = childOffset(source, entry);
    if (offset !== undefined && offset > 0) counts.set(offset, (counts.get(offset) ?? 0) + 1);
    countOffsets(source, entry.value, counts);
  }
}

function childOffset(source: Source, entry: YamlEntry): number | undefined {
  const { value } = entry;
  const first = value.kind === "map" && !value.flow && entry.alias === undefined ? value.entries[0] : undefined;
  if (first === undefined || value.anchor !== undefined) return undefined;
  return columnOf(source.bytes, first.key.span.start) - columnOf(source.bytes, entry.key.span.start);
}

/** Columns of a list's dashes and of the keys behind them. `split`: the dash stands on a line of its own. */
export type ListLayout = { dash: number; key: number; split: boolean };

/** How an item of a block list stands. Undefined when it is no mapping, or something else stands behind the dash. */
export function listLayout(source: Source, item: YamlItem): ListLayout | undefined {
  const first = item.value.kind === "map" && !item.value.flow ? item.value.entries[0] : undefined;
  const dash = item.span.start;
  if (first === undefined || item.alias !== undefined || source.bytes[dash] !== 0x2d) return undefined;
  const { bytes } = source;
  const split = lineStart(bytes, dash) !== lineStart(bytes, first.key.span.start);
  if (!isFirstOnLine(bytes, dash) || (split && !endsLine(bytes, dash + 1))) return undefined;
  return { dash: columnOf(bytes, dash), key: columnOf(bytes, first.key.span.start), split };
}

/** The list of steps that holds a step's mapping, with the item. */
export function itemOf(list: YamlNode | undefined, map: YamlMap): { list: YamlSeq; item: YamlItem } | undefined {
  if (list?.kind !== "seq") return undefined;
  for (const item of list.items) {
    if (item.value === map) return { list, item };
    const group =
      item.value.kind === "map" ? item.value.entries.find((entry) => entry.key.text === "parallel") : undefined;
    if (group?.value.kind === "seq" && group.value.items.some((inner) => inner.value === map))
      return itemOf(group.value, map);
  }
  return undefined;
}

/** Whether a workflow pins its actions to full commits: then what is put in is pinned too. GitHub's own actions count only where there are no others. */
export function pinsActions(model: Workflow): boolean {
  const remote = model.jobs
    .flatMap((job) => [job.uses, ...job.steps.map((step) => step.uses)])
    .filter((uses) => uses !== undefined && (uses.kind === "action" || uses.kind === "workflow") && !uses.local);
  const others = remote.filter((uses) => uses?.owner?.toLowerCase() !== "actions");
  const counted = others.length > 0 ? others : remote;
  const pinned = counted.filter((uses) => uses?.refKind === "sha").length;
  return pinned > 0 && pinned * 2 >= counted.length;
}

/** Offset of the first line of the comment that stands directly above a line, not above `floor`; the line's own start if there is none. */
export function aboveComment(bytes: Uint8Array, at: number, floor: number): number {
  let start = lineStart(bytes, at);
  while (start > floor) {
    const above = lineStart(bytes, start - 1);
    if (above < floor || lineKind(bytes, above) !== "comment") break;
    start = above;
  }
  return start;
}
