/**
 * The part of TOML that scanners' configurations use: tables, and keys with strings, lists, whole and decimal numbers and booleans.
 * Anything else (dates, inline tables, dotted keys) is listed as not read, with its line.
 */
export type TomlValue = string | number | boolean | TomlValue[];

/** One `[name]` or `[[name]]`, or what stands before the first; lines count from 1. */
export type TomlTable = { name: string; line: number; keys: Map<string, { value: TomlValue; line: number }> };

type Reader = { text: string; at: number };

/** Tables in the order of the file, and the lines that were not read. */
export function readToml(text: string): { tables: TomlTable[]; unread: { line: number; why: string }[] } {
  const tables: TomlTable[] = [{ name: "", line: 1, keys: new Map() }];
  const unread: { line: number; why: string }[] = [];
  const reader: Reader = { text, at: 0 };
  let line = 1;
  let counted = 0;
  for (skipBlank(reader); reader.at < text.length; skipBlank(reader)) {
    for (; counted < reader.at; counted++) if (text[counted] === "\n") line++;
    const header = match(reader, /\[{1,2}[ \t]*([A-Za-z0-9_.-]+)[ \t]*\]{1,2}/y);
    if (header) {
      tables.push({ name: header[1]!, line, keys: new Map() });
      continue;
    }
    const key = match(reader, /(?:([A-Za-z0-9_-]+)|"([^"\n]*)")[ \t]*=[ \t]*/y);
    const value = key ? readValue(reader, 0) : undefined;
    if (key && value !== undefined) {
      tables.at(-1)!.keys.set(key[1] ?? key[2]!, { value, line });
    } else {
      unread.push({ line, why: key ? "this value is not read" : "this line is not read" });
      match(reader, /[^\n]*/y);
    }
  }
  return { tables, unread };
}

/** Matches a sticky expression where the reader stands, and moves behind the match. */
function match(reader: Reader, sticky: RegExp): RegExpExecArray | null {
  sticky.lastIndex = reader.at;
  const found = sticky.exec(reader.text);
  if (found) reader.at = sticky.lastIndex;
  return found;
}

/** Skips white space, line breaks and comments. */
function skipBlank(reader: Reader): void {
  while (match(reader, /\s+|#[^\n]*/y));
}

/** One value, or undefined where it is none of the kinds that are read. */
function readValue(reader: Reader, depth: number): TomlValue | undefined {
  const quote = ["'''", '"""', "'", '"'].find((sign) => reader.text.startsWith(sign, reader.at));
  if (quote) return readString(reader, quote);
  if (depth < 4 && match(reader, /\[/y)) {
    const items: TomlValue[] = [];
    for (;;) {
      skipBlank(reader);
      if (match(reader, /\]/y)) return items;
      const item = readValue(reader, depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      skipBlank(reader);
      if (!match(reader, /,/y) && reader.text[reader.at] !== "]") return undefined;
    }
  }
  const bare = match(reader, /(?:true|false|[+-]?[0-9][0-9_]*(?:\.[0-9]+)?)(?![A-Za-z0-9:-])/y)?.[0];
  if (bare === undefined) return undefined;
  return bare === "true" ? true : bare === "false" ? false : Number(bare.replaceAll("_", ""));
}

function readString(reader: Reader, quote: string): string | undefined {
  const { text } = reader;
  const start = reader.at + quote.length;
  const basic = quote.startsWith('"');
  let end = text.indexOf(quote, start);
  // In a basic string a quote can be escaped.
  while (basic && end !== -1 && escaped(text, start, end)) end = text.indexOf(quote, end + 1);
  if (end === -1) return undefined;
  const body = text.slice(start, end);
  if (quote.length === 1 && body.includes("\n")) return undefined;
  reader.at = end + quote.length;
  return basic ? body.replace(/\\(["\\])/g, "$1") : body;
}

function escaped(text: string, start: number, at: number): boolean {
  let slashes = 0;
  while (at - 1 - slashes >= start && text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}
