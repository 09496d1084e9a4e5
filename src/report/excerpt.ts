/** The line a finding stands on, cut to a width, and where the caret goes under it. */
import type { Finding } from "../finding.ts";
import { columnsOf } from "./columns.ts";
import { terminalText } from "./encode.ts";

/** The shown line, and the columns (from 0) that the caret line marks; `carets` is 0 when the place on the line is not known. */
export type Excerpt = { line: string; indent: number; carets: number };

/** What ends a masked value in source text. */
const wordEnd = /[\s"'`=:,;()]/;

/** Fewest columns of a line that is worth showing. */
const leastColumns = 20;

/**
 * Cut the masked source line of a finding to a width so that the marked part stays in view.
 * In: a finding, columns at hand. Out: the line with hidden characters made visible, and the caret's place; undefined when the finding has no line.
 */
export function excerptOf(finding: Finding, columns: number): Excerpt | undefined {
  const source = finding.excerpt.replaceAll("\t", " ").replace(/[\r\n]+$/, "");
  if (source.trim() === "") return undefined;
  const span = markedSpan(finding, source);
  const room = Math.max(leastColumns, columns);
  if (span === undefined) {
    const line = windowOf(source, 0, Math.min(source.length, room), room);
    return { line: line.before + line.marked + line.after, indent: 0, carets: 0 };
  }
  const lead = source.length - source.trimStart().length;
  const shift = Math.min(lead, span.start);
  const { before, marked, after } = windowOf(source.slice(shift), span.start - shift, span.end - shift, room);
  return { line: before + marked + after, indent: columnsOf(before), carets: Math.max(1, columnsOf(marked)) };
}

/**
 * Where in the line the finding stands, in UTF-16 units. A masked value need not be as long as the value was, so the preview is looked for first:
 * at its column, then anywhere; then a run of the mask; then the column alone.
 */
function markedSpan(finding: Finding, source: string): { start: number; end: number } | undefined {
  const { line, column, endLine, endColumn } = finding.place;
  const start = column - 1;
  const preview = finding.preview;
  if (preview !== "" && !/[\t\r\n]/.test(preview)) {
    const at = source.startsWith(preview, start) ? start : source.indexOf(preview);
    if (at >= 0) return { start: at, end: at + preview.length };
  }
  const masked = maskedRun(source, start);
  if (masked !== undefined) return masked;
  if (start < 0 || start >= source.length) return undefined;
  const end = endLine > line ? source.length : Math.min(source.length, Math.max(start + 1, endColumn - 1));
  return { start, end };
}

/** The first run of the mask that does not end before `from`, with the word it stands in. */
function maskedRun(source: string, from: number): { start: number; end: number } | undefined {
  for (let at = source.indexOf("█"); at >= 0; ) {
    let end = at;
    while (end < source.length && !wordEnd.test(source[end]!)) end++;
    if (end > from) {
      let start = at;
      while (start > 0 && !wordEnd.test(source[start - 1]!)) start--;
      return { start, end };
    }
    at = source.indexOf("█", end);
  }
  return undefined;
}

/** The marked part and what fits on both sides of it, each made visible on its own so that the caret's place is known. */
function windowOf(
  source: string,
  start: number,
  end: number,
  room: number,
): { before: string; marked: string; after: string } {
  const marked = fitStart(visibleLine(source.slice(start, end)), room - 2);
  const left = room - columnsOf(marked);
  const head = visibleLine(source.slice(Math.max(0, start - room), start));
  const tail = visibleLine(source.slice(end, end + room)).trimEnd();
  const headWhole = start <= room;
  const tailRoom = Math.max(
    left - columnsOf(head) - (headWhole ? 0 : 1),
    Math.min(Math.floor(left / 2), columnsOf(tail)),
  );
  const headRoom = left - Math.min(tailRoom, columnsOf(tail));
  return { before: fitEnd(head, headRoom, headWhole), marked, after: fitStart(tail, tailRoom) };
}

/** Without the rule on a leading `::`: in an excerpt nothing stands at the start of the printed line. */
function visibleLine(text: string): string {
  return text === "" ? "" : terminalText(`.${text}`, Number.POSITIVE_INFINITY).slice(1);
}

/** The beginning of a text, with an ellipsis when it is cut. */
function fitStart(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const kept = takeColumns(Array.from(text), columns - 1);
  return columns > 0 ? `${kept.join("")}…` : "";
}

/** The end of a text, with an ellipsis when it is cut or when there was more before it. */
function fitEnd(text: string, columns: number, whole: boolean): string {
  if (whole && columnsOf(text) <= columns) return text;
  const kept = takeColumns(Array.from(text).reverse(), columns - 1).reverse();
  return columns > 0 ? `…${kept.join("")}` : "";
}

function takeColumns(characters: string[], columns: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += columnsOf(character);
    if (used > columns) break;
    kept.push(character);
  }
  return kept;
}
