/** A forgiving reader of JSON: comments and commas at the end are read over, Terraform's `${…}` are holes, every value knows its place. */
import type { Source, Span } from "./source.ts";
import {
  hole,
  type MapEntry,
  sourceOffset,
  type TextValue,
  textBuilder,
  textValue,
  unknownValue,
  type Value,
} from "./value.ts";

/** Brackets inside each other. */
const nestingLimit = 100;

type Reader = { source: Source; text: string; at: number; place(start: number, end: number): Span; depth: number };

/** The value of a JSON file; undefined where the text is not JSON. */
export function readJson(source: Source): Value | undefined {
  return readWhole({
    source,
    text: source.text,
    at: source.text.startsWith("\uFEFF") ? 1 : 0,
    place: (start, end) => ({ source, start, end }),
    depth: 0,
  });
}

/** The JSON that a text of another file holds, placed in that file where the text stands there character by character. */
export function readJsonText(value: TextValue): Value | undefined {
  const place = (start: number, end: number): Span => {
    const from = sourceOffset(value, start);
    const to = sourceOffset(value, Math.max(start, end - 1));
    return from === undefined || to === undefined || to < from
      ? value.span
      : { source: value.span.source, start: from, end: to + 1 };
  };
  return readWhole({ source: value.span.source, text: value.text, at: 0, place, depth: 0 });
}

function readWhole(reader: Reader): Value | undefined {
  skipSpace(reader);
  const first = reader.text[reader.at];
  if (first !== "{" && first !== "[") return undefined;
  const value = readValue(reader);
  if (value === undefined) return undefined;
  skipSpace(reader);
  return reader.at >= reader.text.length ? value : undefined;
}

function skipSpace(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    const unit = text[reader.at];
    if (unit === " " || unit === "\n" || unit === "\r" || unit === "\t") reader.at++;
    else if (text.startsWith("//", reader.at)) {
      const end = text.indexOf("\n", reader.at);
      reader.at = end < 0 ? text.length : end;
    } else if (text.startsWith("/*", reader.at)) {
      const end = text.indexOf("*/", reader.at);
      reader.at = end < 0 ? text.length : end + 2;
    } else return;
  }
}

function readValue(reader: Reader): Value | undefined {
  skipSpace(reader);
  const start = reader.at;
  const unit = reader.text[start];
  if (unit === "{" || unit === "[") {
    if (reader.depth >= nestingLimit) return undefined;
    reader.depth++;
    const value = unit === "{" ? readObject(reader) : readList(reader);
    reader.depth--;
    return value;
  }
  if (unit === '"') return readText(reader);
  const word = /^(?:true|false|null|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/.exec(
    reader.text.slice(start, start + 40),
  );
  if (word !== null) {
    reader.at += word[0].length;
    const span = reader.place(start, reader.at);
    const value = word[0] === "null" ? null : word[0] === "true" ? true : word[0] === "false" ? false : Number(word[0]);
    // An id of more digits than a number holds is kept as it is written.
    if (typeof value === "number" && String(value) !== word[0]) return textValue(word[0], span);
    return { kind: "plain", value, span };
  }
  // A template's `${…}` in the place of a value.
  if (reader.text.startsWith("${", start) || reader.text.startsWith("{{", start) || reader.text[start] === hole) {
    const end = reader.text[start] === hole ? start : reader.text.indexOf("}", start);
    if (end < 0 || end - start > 500) return undefined;
    reader.at = end + 1;
    return unknownValue("a template fills this in", reader.place(start, reader.at));
  }
  return undefined;
}

function readObject(reader: Reader): Value | undefined {
  const start = reader.at++;
  const entries: MapEntry[] = [];
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] === "}") break;
    const keyStart = reader.at;
    const key = readText(reader);
    if (key === undefined) return undefined;
    skipSpace(reader);
    if (reader.text[reader.at++] !== ":") return undefined;
    const value = readValue(reader);
    if (value === undefined) return undefined;
    entries.push({ key: key.text, keySpan: reader.place(keyStart, keyStart + (key.end - keyStart)), value });
    skipSpace(reader);
    if (reader.text[reader.at] === ",") reader.at++;
    else if (reader.text[reader.at] !== "}") return undefined;
  }
  reader.at++;
  return { kind: "map", entries, span: reader.place(start, reader.at) };
}

function readList(reader: Reader): Value | undefined {
  const start = reader.at++;
  const items: Value[] = [];
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] === "]") break;
    const value = readValue(reader);
    if (value === undefined) return undefined;
    items.push(value);
    skipSpace(reader);
    if (reader.text[reader.at] === ",") reader.at++;
    else if (reader.text[reader.at] !== "]") return undefined;
  }
  reader.at++;
  return { kind: "list", items, span: reader.place(start, reader.at) };
}

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/" };

/** Reads a string. Its origins are those of the file only where the JSON stands in the file itself. */
function readText(reader: Reader): (TextValue & { end: number }) | undefined {
  const { text } = reader;
  const start = reader.at;
  if (text[start] !== '"') return undefined;
  const builder = textBuilder(text);
  let run = start + 1;
  let at = run;
  for (;;) {
    const unit = text[at];
    if (unit === undefined || unit === "\n") return undefined;
    if (unit === '"') break;
    if (unit !== "\\") {
      at++;
      continue;
    }
    builder.copy(run, at);
    const next = text[at + 1] ?? "";
    if (next === "u") {
      const code = /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6));
      if (code === null) return undefined;
      builder.put(String.fromCharCode(Number.parseInt(code[0], 16)), at);
      at += 6;
    } else {
      const escaped = escapes[next];
      if (escaped === undefined) return undefined;
      builder.put(escaped, at);
      at += 2;
    }
    run = at;
  }
  builder.copy(run, at);
  reader.at = at + 1;
  const origins = builder.origins().flatMap((origin) => {
    const span = reader.place(origin.source, origin.source + 1);
    return span.end - span.start === 1 ? [{ text: origin.text, source: span.start }] : [];
  });
  return { kind: "text", text: builder.text(), span: reader.place(start, at + 1), origins, end: at + 1 };
}
