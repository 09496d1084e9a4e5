/** Lines and bounded looks to either side of an offset. All offsets are chars of a latin1 text, which are bytes. */

/** A line without its ending (neither LF nor CR). */
export type Line = { start: number; end: number };

/** The lines of text[from, to), in order; linear. A CR before the LF belongs to the ending. */
export function* lines(text: string, from = 0, to = text.length): Generator<Line> {
  for (let start = from; start < to; ) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 || feed > to ? to : feed;
    yield { start, end: end > start && text[end - 1] === "\r" ? end - 1 : end };
    start = end + 1;
  }
}

/** Where the line of `at` begins, looking back at most `limit` chars. */
export function lineStart(text: string, at: number, limit = 2048): number {
  const floor = Math.max(0, at - limit);
  let start = at;
  while (start > floor && text.charCodeAt(start - 1) !== 10) start--;
  return start;
}

/** Where the line of `at` ends (before CR or LF), looking ahead at most `limit` chars. */
export function lineEnd(text: string, at: number, limit = 2048): number {
  const ceiling = Math.min(text.length, at + limit);
  let end = at;
  while (end < ceiling && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return end;
}

/** The first offset at or after `at` that is neither a space nor a tab, at most `to`. */
export function skipBlanks(text: string, at: number, to = text.length): number {
  let next = at;
  while (next < to && (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9)) next++;
  return next;
}

/** The end of text[from, to) without trailing spaces and tabs. */
export function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text.charCodeAt(end - 1) === 32 || text.charCodeAt(end - 1) === 9)) end--;
  return end;
}

/** text[start, end) without blanks round it and without one pair of quotes that encloses all of it. */
export function unquoted(text: string, start: number, end: number): Line {
  const from = skipBlanks(text, start, end);
  const to = trimEnd(text, from, end);
  const quote = text[from];
  const enclosed = to - from >= 2 && (quote === '"' || quote === "'" || quote === "`") && text[to - 1] === quote;
  return enclosed ? { start: from + 1, end: to - 1 } : { start: from, end: to };
}
