/** Readers of INI-like and YAML-like lines that keep offsets; both linear and tolerant. */
import { lines, skipBlanks, trimEnd, unquoted } from "./lines.ts";

/** `key = value` or `key: value` under a `[section]`. Value bounds are without blanks and enclosing quotes. */
export type IniEntry = { section: string; key: string; start: number; end: number };

/**
 * The entries of an INI-like document.
 * In: the text and the bytes that may separate key and value (`=` or `:`; a blank as well when `blank` is set). Keys are lower-cased.
 */
export function* iniEntries(text: string, blank = false): Generator<IniEntry> {
  let section = "";
  for (const line of lines(text)) {
    const from = skipBlanks(text, line.start, line.end);
    const first = text[from];
    if (from === line.end || first === "#" || first === ";") continue;
    if (first === "[") {
      const close = text.slice(from, Math.min(line.end, from + 400)).indexOf("]");
      if (close !== -1) section = text.slice(from + 1, from + close);
      continue;
    }
    const key = keyEnd(text, from, line.end, blank);
    if (key === undefined) continue;
    const value = unquoted(text, key.next, line.end);
    yield { section, key: text.slice(from, key.end).toLowerCase(), start: value.start, end: value.end };
  }
}

function keyEnd(text: string, from: number, to: number, blank: boolean): { end: number; next: number } | undefined {
  const limit = Math.min(to, from + 300);
  for (let i = from; i < limit; i++) {
    const c = text[i];
    if (c === "=" || (c === ":" && text[i + 1] !== "_" && text[i + 1] !== "/"))
      return { end: trimEnd(text, from, i), next: i + 1 };
    if (blank && (c === " " || c === "\t")) {
      const next = skipBlanks(text, i, to);
      return { end: i, next: text[next] === "=" || text[next] === ":" ? next + 1 : next };
    }
  }
  return undefined;
}

/** A `key: value` line of YAML. `indent` counts blanks before the key, a `- ` included; an empty value has start === end. */
export type YamlLine = {
  indent: number;
  item: boolean;
  key: string;
  start: number;
  end: number;
  line: number;
  next: number;
};

const yamlKey =
  /(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([A-Za-z0-9_.$/<>-][A-Za-z0-9_.$/<> -]{0,199}?))[ \t]{0,8}:(?=[ \t\r\n]|$)/y;

/** The `key: value` lines of YAML text[from, to); comments and lines that hold no key are left out. */
export function* yamlLines(text: string, from = 0, to = text.length): Generator<YamlLine> {
  for (const line of lines(text, from, to)) {
    let at = skipBlanks(text, line.start, line.end);
    let item = false;
    while (text[at] === "-" && (text[at + 1] === " " || text[at + 1] === "\t")) {
      item = true;
      at = skipBlanks(text, at + 1, line.end);
    }
    if (at >= line.end || text[at] === "#") continue;
    const head = text.slice(at, Math.min(line.end, at + 240));
    yamlKey.lastIndex = 0;
    const match = yamlKey.exec(head);
    if (match === null) continue;
    const key = match[1] ?? match[2] ?? match[3] ?? "";
    const value = yamlValue(text, at + match[0].length, line.end);
    yield { indent: at - line.start, item, key, start: value.start, end: value.end, line: line.start, next: line.end };
  }
}

/** A scalar on one line: without quotes, or without a trailing comment. */
function yamlValue(text: string, from: number, to: number): { start: number; end: number } {
  const start = skipBlanks(text, from, to);
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const close = text.slice(start + 1, to).indexOf(quote);
    if (close !== -1) return { start: start + 1, end: start + 1 + close };
  }
  if (quote === "#") return { start, end: start };
  const comment = text.slice(start, to).indexOf(" #");
  return { start, end: trimEnd(text, start, comment === -1 ? to : start + comment) };
}

/** Whether a value opens a YAML block scalar (`|`, `>-`, `|2`). */
export function isBlockScalar(value: string): boolean {
  return /^[|>][0-9+-]{0,2}$/.test(value);
}

/** The lines below `from` that are indented deeper than `indent`: bounds of a block scalar's text, without its first indent and last line ending. */
export function blockBounds(text: string, from: number, indent: number, to: number): { start: number; end: number } {
  let start = -1;
  let end = from;
  let first = true;
  for (const line of lines(text, from, to)) {
    if (first) {
      first = false;
      continue;
    }
    const at = skipBlanks(text, line.start, line.end);
    if (at === line.end) continue;
    if (at - line.start <= indent) break;
    if (start === -1) start = at;
    end = line.end;
  }
  return start === -1 ? { start: from, end: from } : { start, end };
}
