/** `leasehold:allow <rule> until=2026-12-31 reason="…"` in a comment: an exception beside the line it is about. */
import { compareText, type Place } from "../finding.ts";
import { isPlainDate, type PlainDate } from "../plain-date.ts";

/** An inline exception as it stands in a file. */
export type InlineAllow = {
  path: string;
  /** Line of the comment, from 1. */
  line: number;
  column: number;
  /** Bytes in the file, end exclusive, of the words from `leasehold:allow` on. */
  start: number;
  end: number;
  /** Rule id as written; empty when none is named. */
  rule: string;
  /** Last day on which it holds; missing when none, or no existing day, is given. */
  until?: PlainDate;
  reason?: string;
  /** Last line it speaks for: its own; the next one too when the comment stands alone on its line. */
  lastLine: number;
  /** True when the line was added inside the range under test: then it is only requested. Set by who knows the range. */
  added?: boolean;
};

const marker = "leasehold:allow";
const openers = ["#", "//", "/*", "<!--", "--", ";", "%", "*", "'", '"""', "{{!", "{#", "(*", "REM", "rem"];
/** Longest text that is read after the marker. */
const argumentLimit = 1000;
/** A comment that begins further right than this does not stand alone on its line. */
const indentLimit = 200;

/**
 * The inline exceptions of a file. Only a marker that follows directly on the sign that opens a comment counts, so prose about it does not.
 * In: the file's text, decoded from UTF-8, and its path.
 */
export function parseInlineAllows(text: string, path: string): InlineAllow[] {
  const found: InlineAllow[] = [];
  let line = 1;
  let lineStart = 0;
  let nextNewline = text.indexOf("\n");
  let counted = 0;
  let countedBytes = 0;
  for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + marker.length)) {
    // Everything here looks only at what lies between two markers: a line of megabytes full of them stays linear.
    while (nextNewline !== -1 && nextNewline < at) {
      line++;
      lineStart = nextNewline + 1;
      nextNewline = text.indexOf("\n", lineStart);
    }
    const start = countedBytes + Buffer.byteLength(text.slice(counted, at));
    counted = at;
    countedBytes = start;

    const before = text.slice(Math.max(lineStart, at - indentLimit), at).trimEnd();
    const opener = openers.find((sign) => before.endsWith(sign));
    const rest = text.slice(at + marker.length, at + marker.length + argumentLimit);
    if (opener === undefined || !/^(?:\s|$)/.test(rest)) continue;

    const newline = rest.indexOf("\n");
    const words = newline === -1 ? rest : rest.slice(0, newline);
    const { rule, until, reason, length } = parseWords(words);
    const alone = at - lineStart <= indentLimit && before.slice(0, before.length - opener.length).trim() === "";
    found.push({
      path,
      line,
      column: at - lineStart + 1,
      start,
      end: start + Buffer.byteLength(marker + words.slice(0, length)),
      rule,
      ...(until === undefined ? {} : { until }),
      ...(reason === undefined ? {} : { reason }),
      lastLine: alone ? line + 1 : line,
    });
  }
  return found;
}

/** Order by file and place. */
export function compareInlineAllows(a: InlineAllow, b: InlineAllow): number {
  return compareText(a.path, b.path) || a.start - b.start || compareText(rest(a), rest(b));
}

function rest({ rule, until, reason, lastLine, added }: InlineAllow): string {
  return JSON.stringify([rule, until ?? "", reason ?? "", lastLine, added ?? false]);
}

/** Where an inline exception stands. */
export function inlinePlace({ path, line, column, start, end }: InlineAllow): Place {
  return { path, start, end, line, column, endLine: line, endColumn: column + (end - start) };
}

/** Rule, last day and reason, in this order or another; stops at the first word that is none of them. */
function parseWords(words: string): { rule: string; until?: PlainDate; reason?: string; length: number } {
  let rule = "";
  let until: PlainDate | undefined;
  let reason: string | undefined;
  let length = 0;
  const word =
    /[ \t]+(?:until=(?<until>[0-9]{4}-[0-9]{2}-[0-9]{2}|[^\s"]*)|reason="(?<reason>[^"]*)"|(?<rule>[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*))(?=[\s*\-#]|$)/y;
  for (let match = word.exec(words); match?.groups; match = word.exec(words)) {
    const { until: day, reason: why, rule: name } = match.groups;
    if (day !== undefined && isPlainDate(day)) until = day;
    if (why !== undefined && why.trim() !== "") reason = why.trim();
    if (name !== undefined) {
      if (rule !== "") break;
      rule = name;
    }
    length = word.lastIndex;
  }
  return { rule, ...(until === undefined ? {} : { until }), ...(reason === undefined ? {} : { reason }), length };
}
