/** Rows of SQL: the values of an INSERT's tuples and of a COPY's lines, with offsets. */

/** One value; `quoted` ones are bounded without their quotes. */
export type SqlValue = { start: number; end: number; quoted: boolean };

/** Most tuples that are read of one statement; a dump of a table is one thing to deal with, not a hundred thousand. */
export const mostRows = 50;

/**
 * The tuples behind `VALUES`, at most `mostRows`.
 * In: the text, an offset behind the word, a limit. Out: each tuple's values in order; stops at `;` or at what is no tuple.
 */
export function* sqlTuples(text: string, from: number, limit: number): Generator<SqlValue[]> {
  let at = from;
  for (let rows = 0; rows < mostRows; rows++) {
    while (at < limit && /[\s,]/.test(text[at] ?? "")) at++;
    if (at >= limit || text[at] !== "(") return;
    const tuple = readTuple(text, at + 1, limit);
    if (tuple === undefined) return;
    yield tuple.values;
    at = tuple.next;
  }
}

function readTuple(text: string, from: number, limit: number): { values: SqlValue[]; next: number } | undefined {
  const values: SqlValue[] = [];
  let current: SqlValue | undefined;
  let depth = 0;
  for (let i = from; i < limit && values.length < 500; i++) {
    const c = text.charCodeAt(i);
    if (c === 39 || c === 34) {
      const close = closingQuote(text, i, limit);
      if (close === -1) return undefined;
      if (depth === 0) current = { start: i + 1, end: close, quoted: true };
      i = close;
    } else if (c === 40) depth++;
    else if (c === 41 && depth > 0) depth--;
    else if (depth === 0 && (c === 44 || c === 41)) {
      values.push(current ?? { start: i, end: i, quoted: false });
      current = undefined;
      if (c === 41) return { values, next: i + 1 };
    } else if (depth === 0 && c > 32) {
      if (current === undefined) current = { start: i, end: i + 1, quoted: false };
      else if (!current.quoted) current.end = i + 1;
    }
  }
  return undefined;
}

function closingQuote(text: string, at: number, limit: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === quote) {
      if (text.charCodeAt(i + 1) !== quote) return i;
      i++;
    }
  }
  return -1;
}

/** The tab-separated lines behind a `COPY … FROM stdin;` of pg_dump, up to `\.`, at most `mostRows`. */
export function* copyRows(text: string, from: number, limit: number): Generator<SqlValue[]> {
  let at = from;
  for (let rows = 0; rows < mostRows && at < limit; rows++) {
    const feed = text.indexOf("\n", at);
    const end = feed === -1 || feed > limit ? limit : feed;
    if (text.startsWith("\\.", at)) return;
    const values: SqlValue[] = [];
    const last = text[end - 1] === "\r" ? end - 1 : end;
    for (let start = at; start <= last; ) {
      const tab = text.slice(start, last).indexOf("\t");
      const stop = tab === -1 ? last : start + tab;
      values.push({ start, end: stop, quoted: true });
      start = stop + 1;
      if (values.length > 500) break;
    }
    yield values;
    at = end + 1;
  }
}
