/** The shape language: text to syntax tree. The grammar is in docs/rule-format.md. */

import { nearestName } from "../error.ts";
import { type ByteClass, classOf, namedClasses } from "./alphabet.ts";
import { checksums } from "./proof/checksum.ts";

/** A node of a parsed shape. Counts are inclusive. */
export type ShapeNode =
  | { kind: "literal"; bytes: Uint8Array; ignoreCase: boolean }
  | { kind: "class"; table: ByteClass; min: number; max: number }
  | { kind: "checksum"; algorithm: string; length: number }
  | { kind: "sequence"; items: ShapeNode[] }
  | { kind: "alternatives"; items: ShapeNode[] }
  | { kind: "covered"; item: ShapeNode }
  | { kind: "value"; item: ShapeNode };

/** Where and why a shape cannot be read; `at` is the offset in the shape's text. */
export class ShapeError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = "ShapeError";
    this.at = at;
  }
}

/** Upper end of an open count. */
export const openCount = 4096;

/** Most repeats of a group; groups are written out, and a shape that needs more is a format, not a token. */
const maxGroupRepeats = 64;

const macros: Record<string, string> = {
  uuid: 'anyhex{8} "-" anyhex{4} "-" anyhex{4} "-" anyhex{4} "-" anyhex{12}',
  jwt: '"eyJ" base64url{8..} "." "eyJ" base64url{8..} "." base64url{16..}',
};

/**
 * Parse a shape.
 * In: the text as written in a rule. Out: its tree. Throws ShapeError with the offset, what stood there and what was expected.
 */
export function parseShape(text: string): ShapeNode {
  let at = 0;

  function fail(expected: string, where = at): never {
    const found =
      where >= text.length ? "the end" : JSON.stringify(text.slice(where, where + 12).split(/\s/, 1)[0] || text[where]);
    throw new ShapeError(`expected ${expected}, found ${found}`, where);
  }
  function skipSpace(): void {
    while (at < text.length && (text[at] === " " || text[at] === "\t" || text[at] === "\n")) at++;
  }
  function alternatives(closers: string): ShapeNode {
    const items = [sequence(`${closers}|`)];
    while (text[at] === "|") {
      at++;
      items.push(sequence(`${closers}|`));
    }
    return items.length === 1 ? items[0]! : { kind: "alternatives", items };
  }
  function sequence(closers: string): ShapeNode {
    const items: ShapeNode[] = [];
    for (skipSpace(); at < text.length && !closers.includes(text[at]!); skipSpace()) items.push(item());
    if (items.length === 0) fail("a literal, class, set, group or checksum");
    return items.length === 1 ? items[0]! : { kind: "sequence", items };
  }
  function closed(node: ShapeNode, closer: string): ShapeNode {
    if (text[at] !== closer) fail(`"${closer}"`);
    at++;
    return node;
  }
  function item(): ShapeNode {
    const c = text[at]!;
    const start = at;
    if (c === '"' || (c === "i" && text[at + 1] === '"')) return literal();
    if (c === "(") {
      at++;
      return repeated(closed(alternatives(")"), ")"), start);
    }
    if (c === "<") {
      at++;
      return { kind: "covered", item: closed(sequence(">"), ">") };
    }
    if (c === "$" && text[at + 1] === "(") {
      at += 2;
      return { kind: "value", item: closed(alternatives(")"), ")") };
    }
    if (c === "[") return counted(set());
    const name = /^[A-Za-z][A-Za-z0-9-]*/.exec(text.slice(at))?.[0];
    if (name === undefined) fail("a literal, class, set, group or checksum");
    at += name.length;
    const checksum = checksums[name];
    if (checksum !== undefined) {
      const { min, max } = count() ?? { min: checksum.length, max: checksum.length };
      if (min !== checksum.length || max !== checksum.length) {
        throw new ShapeError(`expected ${name}{${checksum.length}}, the length of that checksum`, start);
      }
      return { kind: "checksum", algorithm: name, length: checksum.length };
    }
    const macro = macros[name];
    if (macro !== undefined) return repeated(parseShape(macro), start);
    const table = namedClasses.get(name);
    if (table !== undefined) return counted(table);
    const near = nearestName(name, [...namedClasses.keys(), ...Object.keys(checksums), ...Object.keys(macros)]);
    throw new ShapeError(
      `expected a class or checksum, found "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
      start,
    );
  }
  function literal(): ShapeNode {
    const start = at;
    const ignoreCase = text[at] === "i";
    at += ignoreCase ? 2 : 1;
    let value = "";
    for (; text[at] !== '"'; at++) {
      if (at >= text.length) fail('a closing "', start);
      if (text[at] === "\\") at++;
      value += text[at];
    }
    at++;
    if (value === "") throw new ShapeError("expected at least one character between the quotes", start);
    return { kind: "literal", bytes: Buffer.from(value, "latin1"), ignoreCase };
  }
  function set(): ByteClass {
    const start = at++;
    let spec = "";
    for (; text[at] !== "]"; at++) {
      if (at >= text.length) fail('a closing "]"', start);
      if (text[at] === "\\") at++;
      spec += text[at];
    }
    at++;
    if (spec === "") throw new ShapeError("expected at least one character between the brackets", start);
    return classOf(spec);
  }
  function count(): { min: number; max: number } | undefined {
    if (text[at] === "?") {
      at++;
      return { min: 0, max: 1 };
    }
    if (text[at] !== "{") return undefined;
    const start = at;
    const match = /^\{(\d+)(?:(\.\.)(\d*))?\}/.exec(text.slice(at));
    if (match === null) fail("a count like {20} or {20..40}", start);
    at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? openCount : Number(match[3]);
    if (max < min || max === 0 || max > openCount) {
      throw new ShapeError(`expected a count from a smaller to a larger number, at most ${openCount}`, start);
    }
    return { min, max };
  }
  function counted(table: ByteClass): ShapeNode {
    const { min, max } = count() ?? { min: 1, max: 1 };
    return { kind: "class", table, min, max };
  }
  function repeated(node: ShapeNode, start: number): ShapeNode {
    const range = count();
    if (range === undefined) return node;
    if (range.min === 0 && range.max === 1) {
      return { kind: "alternatives", items: [node, { kind: "sequence", items: [] }] };
    }
    if (range.min !== range.max || range.max > maxGroupRepeats) {
      throw new ShapeError(`a group takes {n} up to ${maxGroupRepeats} or ?`, start);
    }
    return { kind: "sequence", items: Array.from({ length: range.min }, () => node) };
  }

  skipSpace();
  const tree = alternatives("");
  skipSpace();
  if (at < text.length) fail("the end of the shape");
  return tree;
}
