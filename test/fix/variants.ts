// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
/** Workflows in many hands: the same content written with other indentation, line ends, quotes, comments, flow style, anchors, blank lines. */
import fc from "fast-check";

/** A mapping as entries; a list; a scalar (also `*alias`); a script of several lines; a mapping with an anchor. */
export type Tree = string | Entry[] | { items: Tree[] } | { lines: string[] } | { anchor: string; entries: Entry[] };
export type Entry = [key: string, value: Tree];

/** What one hand does. */
export type Hand = {
  indent: number;
  /** Whether the dashes of a list stand in from their key. */
  dashIn: boolean;
  /** Spaces behind a dash. */
  gap: number;
  /** The dash alone on its line. */
  split: boolean;
  eol: "\n" | "\r\n";
  bom: boolean;
  finalNewline: boolean;
  blankLines: boolean;
  comments: number;
  flow: number;
  quote: "" | "'" | '"';
};

export const hand: fc.Arbitrary<Hand> = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  dashIn: fc.boolean(),
  gap: fc.constantFrom(1, 1, 1, 3),
  split: fc.constantFrom(false, false, false, true),
  eol: fc.constantFrom("\n", "\n", "\r\n"),
  bom: fc.constantFrom(false, false, false, true),
  finalNewline: fc.constantFrom(true, true, false),
  blankLines: fc.boolean(),
  comments: fc.constantFrom(0, 0, 0.15, 0.4),
  flow: fc.constantFrom(0, 0, 0.2, 0.5),
  quote: fc.constantFrom("", "", "'", '"'),
});

/** Chance that is drawn from the case, so that a failing one shrinks and repeats. */
export type Chance = (probability: number) => boolean;

const isFlat = (tree: Tree): boolean =>
  typeof tree === "string"
    ? !tree.includes("\n") && !tree.includes(" #")
    : Array.isArray(tree) && tree.every(([, value]) => typeof value === "string" && isFlat(value));

function scalar(text: string, by: Hand, flow: boolean): string {
  const needs = flow && /[{}[\],]/.test(text);
  const quote = by.quote === "" && needs ? '"' : by.quote;
  if (quote === "" || (!text.includes("${{") && !needs)) return text;
  return quote === "'"
    ? `'${text.replaceAll("'", "''")}'`
    : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Writes a tree. In: the tree, the hand, the chance. Out: the text. */
export function write(tree: Entry[], by: Hand, chance: Chance): string {
  const out: string[] = [];
  const remark = (column: number): void => {
    if (by.comments > 0 && chance(by.comments)) out.push(`${" ".repeat(column)}# remark: ${out.length}`);
  };
  const trailing = (): string => (by.comments > 0 && chance(by.comments / 2) ? ` # note ${out.length}` : "");
  const entries = (list: Entry[], column: number, first = ""): void => {
    let lead = first;
    for (const [key, value] of list) {
      if (lead === "") remark(column);
      const start = `${lead === "" ? " ".repeat(column) : lead}${key}:`;
      lead = "";
      if (typeof value === "string") out.push(`${start} ${scalar(value, by, false)}${trailing()}`);
      else if (Array.isArray(value)) {
        if (value.length === 0) out.push(`${start} {}`);
        else if (isFlat(value) && key !== "jobs" && chance(by.flow)) out.push(`${start} ${flowMap(value)}`);
        else {
          out.push(`${start}${trailing()}`);
          entries(value, column + by.indent);
        }
      } else if ("anchor" in value) {
        out.push(`${start} &${value.anchor}`);
        entries(value.entries, column + by.indent);
      } else if ("lines" in value) {
        out.push(`${start} |`);
        for (const line of value.lines) out.push(`${" ".repeat(column + by.indent)}${line}`);
      } else {
        out.push(start);
        items(value.items, column + (by.dashIn ? by.indent : 0));
      }
    }
  };
  const flowMap = (list: Entry[]): string =>
    `{ ${list.map(([key, value]) => `${key}: ${scalar(typeof value === "string" ? value : "", by, true)}`).join(", ")} }`;
  const items = (list: Tree[], column: number): void => {
    for (const [at, item] of list.entries()) {
      if (by.blankLines && at > 0) out.push("");
      remark(column);
      const dash = `${" ".repeat(column)}-`;
      if (typeof item === "string") out.push(`${dash} ${scalar(item, by, false)}`);
      else if (Array.isArray(item) && isFlat(item) && chance(by.flow / 2)) out.push(`${dash} ${flowMap(item)}`);
      else if (Array.isArray(item) && by.split) {
        out.push(dash);
        entries(item, column + 1 + by.gap);
      } else if (Array.isArray(item)) entries(item, column + 1 + by.gap, dash + " ".repeat(by.gap));
    }
  };
  entries(tree, 0);
  const text = out.join(by.eol) + (by.finalNewline ? by.eol : "");
  return by.bom ? `\uFEFF${text}` : text;
}
