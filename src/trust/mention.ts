/** What a policy compares claims with, as shapes that can be filled in to find out who else would fit. */
import { hole } from "./value.ts";

/** How a text of a policy is compared. `search`: a regular expression found anywhere; `regex`: one over the whole value. */
export type Comparison = "exact" | "glob" | "vault-glob" | "prefix" | "suffix" | "contains" | "regex" | "search";

/** One claim and one text that a policy compares it with, in either sense. */
export type Mention = { claim: string; pattern: string; how: Comparison };

/** A literal, one free character, or a run of any. */
export type Piece = { kind: "literal"; text: string } | { kind: "one" } | { kind: "star" };

/** A pattern as pieces; several where a regular expression has alternatives. Only for making candidates: the matchers decide. */
export type Shape = Piece[];

const star: Piece = { kind: "star" };
const one: Piece = { kind: "one" };

/** Most shapes that one mention gives. */
const shapeLimit = 12;

/** The shapes of a mention: one, or several where a regular expression has alternatives. */
export function shapesOf(mention: Mention): Shape[] {
  const { pattern, how } = mention;
  switch (how) {
    case "exact":
      return [literalShape(pattern)];
    case "glob":
      return [globShape(pattern, true)];
    case "vault-glob":
      return [globShape(pattern, false)];
    case "prefix":
      return [joined([...literalShape(pattern), star])];
    case "suffix":
      return [joined([star, ...literalShape(pattern)])];
    case "contains":
      return [joined([star, ...literalShape(pattern), star])];
    default:
      return regexShapes(pattern, how === "search");
  }
}

/** The literal text before the first free part. */
export function literalStart(shape: Shape): string {
  const first = shape[0];
  return first?.kind === "literal" ? first.text : "";
}

/** Whether nothing in a shape is free. */
export function isLiteral(shape: Shape): boolean {
  return shape.every((piece) => piece.kind === "literal");
}

/** The one text that a literal shape stands for. */
export function literalText(shape: Shape): string {
  return shape.map((piece) => (piece.kind === "literal" ? piece.text : "")).join("");
}

function literalShape(text: string): Shape {
  return globLike(text, (unit) => (unit === hole ? star : undefined));
}

function globShape(text: string, withOne: boolean): Shape {
  return globLike(text, (unit) => (unit === "*" || unit === hole ? star : withOne && unit === "?" ? one : undefined));
}

function globLike(text: string, free: (unit: string) => Piece | undefined): Shape {
  const pieces: Piece[] = [];
  for (const unit of text) pieces.push(free(unit) ?? { kind: "literal", text: unit });
  return joined(pieces);
}

/** Neighbouring literals as one, neighbouring stars as one. */
function joined(pieces: Piece[]): Shape {
  const shape: Shape = [];
  for (const piece of pieces) {
    const last = shape.at(-1);
    if (piece.kind === "literal" && last?.kind === "literal")
      shape[shape.length - 1] = { kind: "literal", text: last.text + piece.text };
    else if (!(piece.kind === "star" && last?.kind === "star")) shape.push(piece);
  }
  return shape;
}

/** Reads a regular expression loosely: classes and dots are free characters, quantified ones free runs, groups their alternatives. */
function regexShapes(pattern: string, search: boolean): Shape[] {
  const reader = { pattern: pattern.slice(0, 1000), at: 0, depth: 0 };
  const shapes = alternatives(reader);
  return shapes.map((shape) => {
    // An anchor was left in the shape as an empty literal at its end.
    const anchoredStart = /^(?:\(\?[a-z]+\))?\^/.test(pattern);
    const anchoredEnd = pattern.endsWith("$") && !pattern.endsWith("\\$");
    return joined([...(search && !anchoredStart ? [star] : []), ...shape, ...(search && !anchoredEnd ? [star] : [])]);
  });
}

type Reader = { pattern: string; at: number; depth: number };

function alternatives(reader: Reader): Shape[] {
  const found: Shape[] = [];
  for (;;) {
    found.push(...sequence(reader));
    if (reader.pattern[reader.at] !== "|") break;
    reader.at++;
  }
  return found.slice(0, shapeLimit);
}

function sequence(reader: Reader): Shape[] {
  let shapes: Shape[] = [[]];
  while (reader.at < reader.pattern.length) {
    const unit = reader.pattern[reader.at]!;
    if (unit === "|" || unit === ")") break;
    const atoms = atom(reader);
    const quantified = quantifier(reader);
    const next: Shape[] = quantified === "many" ? [[star]] : quantified === "maybe" ? [...atoms, []] : atoms;
    shapes = shapes.flatMap((shape) => next.map((more) => [...shape, ...more])).slice(0, shapeLimit);
  }
  return shapes.map(joined);
}

function atom(reader: Reader): Shape[] {
  const unit = reader.pattern[reader.at++]!;
  if (unit === "(") {
    const flags = /^\?(?:[a-zA-Z]*:|P?<[A-Za-z0-9_]+>)/.exec(reader.pattern.slice(reader.at, reader.at + 60));
    if (flags) reader.at += flags[0].length;
    if (++reader.depth > 50) {
      reader.at = reader.pattern.length;
      return [[star]];
    }
    const inner = alternatives(reader);
    reader.depth--;
    if (reader.pattern[reader.at] === ")") reader.at++;
    return inner;
  }
  if (unit === "[") {
    const close = reader.pattern.indexOf("]", reader.at + 1);
    const text = reader.pattern.slice(reader.at, close < 0 ? undefined : close);
    reader.at = close < 0 ? reader.pattern.length : close + 1;
    return [/^[^\\^-]$/.test(text) ? [{ kind: "literal", text }] : [one]];
  }
  if (unit === ".") return [[one]];
  if (unit === "^" || unit === "$") return [[]];
  if (unit === "\\") {
    const escaped = reader.pattern[reader.at++] ?? "";
    if (/[AzbB]/.test(escaped)) return [[]];
    return [/[A-Za-z0-9]/.test(escaped) ? [one] : [{ kind: "literal", text: escaped }]];
  }
  return [[unit === hole ? star : { kind: "literal", text: unit }]];
}

function quantifier(reader: Reader): "many" | "maybe" | undefined {
  const unit = reader.pattern[reader.at];
  let kind: "many" | "maybe" | undefined;
  if (unit === "*" || unit === "+") kind = "many";
  else if (unit === "?") kind = "maybe";
  else if (unit === "{" && /^\{[0-9]+(?:,[0-9]*)?\}/.test(reader.pattern.slice(reader.at, reader.at + 12))) {
    reader.at = reader.pattern.indexOf("}", reader.at);
    kind = "many";
  }
  if (kind === undefined) return undefined;
  reader.at++;
  // Lazy and possessive forms take the same texts.
  if (reader.pattern[reader.at] === "?" || reader.pattern[reader.at] === "+") reader.at++;
  return kind;
}
