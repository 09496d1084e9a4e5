/** Writes a waiver into the waivers file as a splice of text: what stands there keeps its comments, order and spelling. */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify, type YAMLSeq } from "yaml";
import { LeaseholdError } from "../error.ts";
import { compareText } from "../finding.ts";
import { parseWaivers, type Waiver, waiverSubject } from "./waiver.ts";

const header =
  "# Exceptions for findings of Leasehold. Each has a reason, an approver who is not its author, and a last day.\n";

/**
 * The file with one more waiver, before the first whose id (or rule and target) sorts after it.
 * In: the file's text, undefined when there is none, and its name for messages. Throws LeaseholdError("config") where the
 * file cannot be read or its list is in flow style, and ("usage") where the finding has a waiver already.
 */
export function addWaiver(text: string | undefined, waiver: Waiver, file = ".github/leasehold-waivers.yml"): string {
  const before = text ?? header;
  const present = parseWaivers(before, file).waivers;
  const subject = waiverSubject(waiver);
  const same = present.find((other) => waiverSubject(other) === subject);
  if (same) {
    throw new LeaseholdError("usage", `${subject} has a waiver until ${same.until}: change its last day there`, {
      file,
      ...(same.place ? { line: same.place.line, column: same.place.column } : {}),
    });
  }
  const eol = before.includes("\r\n") ? "\r\n" : "\n";
  const after = splice(before, waiver, subject, eol, file);
  if (parseWaivers(after, file).waivers.length !== present.length + 1)
    throw new Error("addWaiver: the splice lost its place");
  return after;
}

function splice(before: string, waiver: Waiver, subject: string, eol: string, file: string): string {
  // Offsets are into the text without its byte order mark.
  const bom = before.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = before.slice(bom.length);
  const root = parseDocument(text, { uniqueKeys: false, stringKeys: true }).contents as Node | null;
  if (isMap(root) && root.flow) throw flowError(file);
  const pair = isMap(root)
    ? (root.items as Pair<Node, Node | null>[]).find(({ key }) => isScalar(key) && key.value === "waivers")
    : undefined;
  const insert = (at: number, block: string) => {
    const opened = at > 0 && text[at - 1] !== "\n" ? eol : "";
    return bom + text.slice(0, at) + opened + block + text.slice(at);
  };
  if (!pair) {
    return insert(text.length, `waivers:${eol}${block(waiver, "  ", eol)}`);
  }
  const list = isSeq(pair.value) ? (pair.value as YAMLSeq<Node>) : undefined;
  const keyEnd = pair.key.range![1];
  if (!list || list.items.length === 0) {
    // `waivers:`, `waivers: null` or `waivers: []`; whatever stood for "nothing" goes.
    const colon = text.indexOf(":", keyEnd) + 1;
    const [start, end] = pair.value?.range ?? [colon, colon];
    const without = text.slice(0, colon) + text.slice(start > colon || end > start ? end : colon);
    const at = lineEnd(without, colon);
    const opened = without[at - 1] === "\n" ? "" : eol;
    return bom + without.slice(0, at) + opened + block(waiver, "  ", eol) + without.slice(at);
  }
  if (list.flow) throw flowError(file);
  const next = list.items.findIndex((item) => compareText(subjectOf(item), subject) > 0);
  const indent = " ".repeat(columnOf(text, list.range![0]));
  const previous = next === -1 ? list.items.at(-1) : list.items[next - 1];
  const at = previous ? lineEnd(text, lastOffset(previous)) : lineEnd(text, keyEnd);
  return insert(at, block(waiver, indent, eol));
}

/** One waiver as a block of the list. */
function block(waiver: Waiver, indent: string, eol: string): string {
  const fields: [string, string | undefined][] = [
    ["id", waiver.id],
    ["rule", waiver.rule],
    ["target", waiver.target],
    ["reason", waiver.reason],
    ["why", waiver.why],
    ["compensating", waiver.compensating],
    ["approved-by", waiver.approvedBy],
    ["until", waiver.until],
  ];
  const lines = fields.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${scalar(value)}`]));
  return lines.map((line, index) => `${indent}${index === 0 ? "- " : "  "}${line}${eol}`).join("");
}

/** A text as one line of YAML, quoted where it must be. */
function scalar(text: string): string {
  return stringify(text.replace(/\s+/g, " ").trim(), { lineWidth: 0 }).trimEnd();
}

function subjectOf(item: Node): string {
  const get = (key: string) => {
    const value = isMap(item) ? item.get(key) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  return get("id") ?? `${get("rule")} ${get("target")}`;
}

/** Offset behind the last character of an item's own text. */
function lastOffset(item: Node): number {
  const last = isMap(item) ? (item.items.at(-1) as Pair<Node, Node | null> | undefined) : undefined;
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

function flowError(file: string): LeaseholdError {
  return new LeaseholdError(
    "config",
    "the waivers stand in one line ([…] or {…}): give each waiver a block of its own, then run this again",
    { file },
  );
}
