/** Where the quick YAML reader stands in the text, and how it moves over what is no content. */

import type { Alias, YamlNode } from "./model.ts";

/** Says that the text holds something this reader leaves to the full parser. */
class Unsure extends Error {}
export const unsure = new Unsure("left to the full parser");

export const deepest = 60;

export const tab = 9;
export const newline = 10;
export const carriage = 13;
export const space = 32;
export const hash = 35;
export const dash = 45;
export const colon = 58;

export type Reader = {
  text: string;
  pos: number;
  lineStart: number;
  depth: number;
  toByte: (at: number) => number;
  /** Nodes with an anchor, as far as they have been read. */
  anchors: Map<string, YamlNode>;
};

/** A value, and the alias where it is one. */
export type Given = { value: YamlNode; alias?: Alias };

export function column(reader: Reader): number {
  return reader.pos - reader.lineStart;
}

/** From the beginning of a line to the next character that is neither blank nor comment; to the end if there is none. */
export function toContent(reader: Reader): void {
  const { text } = reader;
  let at = reader.pos;
  for (;;) {
    reader.lineStart = at;
    while (text.charCodeAt(at) === space) at++;
    const code = text.charCodeAt(at);
    if (code === newline) at++;
    else if (code === carriage && text.charCodeAt(at + 1) === newline) at += 2;
    else if (code === hash) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end + 1;
    } else {
      if (code === tab || code === carriage) throw unsure;
      reader.pos = at;
      if (at === reader.lineStart && (code === dash || code === 46 || code === 37)) documentMark(text, at, code);
      return;
    }
  }
}

function documentMark(text: string, at: number, code: number): void {
  if (code === 37 || text.startsWith("---", at) || text.startsWith("...", at)) throw unsure;
}

/** After a value: blanks, perhaps a comment, then the end of the line, which is passed. */
export function endLine(reader: Reader): void {
  const { text } = reader;
  let at = reader.pos;
  while (text.charCodeAt(at) === space) at++;
  let code = text.charCodeAt(at);
  if (code === hash) {
    if (text.charCodeAt(at - 1) !== space) throw unsure;
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end;
    code = newline;
  } else if (code === carriage) code = text.charCodeAt(++at);
  if (at < text.length && code !== newline) throw unsure;
  reader.pos = Math.min(at + 1, text.length);
}

/** Whether the value on this line is over: end of line or a comment after a blank. `at` stands behind blanks. */
export function lineOver(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    at >= text.length ||
    code === newline ||
    (code === carriage && text.charCodeAt(at + 1) === newline) ||
    (code === hash && text.charCodeAt(at - 1) === space)
  );
}
