/** Scalars as texts with their expressions. */

import { parseExpression } from "./expression.ts";
import { ExpressionProblem } from "./expression-token.ts";
import type { Expression, ExpressionNode, Reference, Source, Text, YamlNode, YamlScalar } from "./model.ts";
import { type FoundReference, referencesIn } from "./reference.ts";
import { remembered } from "./remembered.ts";
import { type ContentOffsets, contentOffsets } from "./scalar-offsets.ts";

/** A scalar as text: every `${{ … }}` in it is parsed. */
export function textOf(source: Source, scalar: YamlScalar): Text {
  return {
    value: scalar.text,
    span: scalar.span,
    node: scalar,
    expressions: scalar.text.includes("${{") ? expressionsIn(source, scalar) : [],
  };
}

/** An `if`: the whole of it is an expression unless it holds `${{`. */
export function conditionOf(source: Source, scalar: YamlScalar): Text {
  const text = textOf(source, scalar);
  if (text.expressions.length > 0 || scalar.text.trim() === "" || scalar.style === "empty") return text;
  return {
    ...text,
    expressions: [expressionOf(source, scalar, { from: 0, to: scalar.text.length, open: 0, close: 0 })],
  };
}

/** The node as a text if it is a scalar that is there. */
export function asText(source: Source, node: YamlNode | undefined): Text | undefined {
  return node?.kind === "scalar" && node.style !== "empty" ? textOf(source, node) : undefined;
}

/** Offsets in the content: from `${{` to past `}}`, and the widths of the two. */
type Bounds = { from: number; to: number; open: number; close: number };

function expressionsIn(source: Source, scalar: YamlScalar): Expression[] {
  const found: Expression[] = [];
  const content = scalar.text;
  for (let from = content.indexOf("${{"); from >= 0; ) {
    const close = expressionEnd(content, from + 3);
    if (close < 0) {
      // Without an end it is no expression to GitHub either: it refuses the file.
      found.push(unclosed(source, scalar, from));
      break;
    }
    found.push(expressionOf(source, scalar, { from, to: close + 2, open: 3, close: 2 }));
    from = content.indexOf("${{", close + 2);
  }
  return found;
}

/** Offset of the `}}` that ends an expression: the first outside a string. */
function expressionEnd(content: string, from: number): number {
  let inString = false;
  for (let at = from; at < content.length; at++) {
    const character = content.charAt(at);
    if (character === "'") inString = !inString;
    else if (!inString && character === "}" && content.charAt(at + 1) === "}") return at;
  }
  return -1;
}

function unclosed(source: Source, scalar: YamlScalar, from: number): Expression {
  const offsets = contentOffsets(source, scalar);
  const span = { start: offsets(from), end: offsets(scalar.text.length) };
  source.broken = true;
  return {
    source: scalar.text.slice(from + 3),
    span,
    at: from,
    ast: undefined,
    problem: { message: "an expression begins here and has no }}", span },
    references: [],
  };
}

function expressionOf(source: Source, scalar: YamlScalar, bounds: Bounds): Expression {
  const offsets = contentOffsets(source, scalar);
  const code = scalar.text.slice(bounds.from + bounds.open, bounds.to - bounds.close);
  const span = spanOf(offsets, bounds.from, bounds.to);
  const base = bounds.from + bounds.open;
  const { ast, found, problem } = parsed(code);
  if (problem !== undefined) {
    source.broken = true;
    return {
      source: code,
      span,
      at: bounds.from,
      ast: undefined,
      problem: { message: problem.message, span: spanOf(offsets, base + problem.at, base + problem.to) },
      references: [],
    };
  }
  const references = found.map(
    ({ context, path, within, role, at, to }): Reference => ({
      context,
      path,
      within,
      role,
      span: spanOf(offsets, base + at, base + to),
      source: code.slice(at, to),
    }),
  );
  return { source: code, span, at: bounds.from, ast, references };
}

type Parsed = { ast: ExpressionNode | undefined; found: FoundReference[]; problem?: ExpressionProblem };

/** The same few expressions stand all over a repository's workflows; nobody changes what comes out. */
const parsedBefore: (code: string) => Parsed = remembered(parseOnce);

function parsed(code: string): Parsed {
  return code.length > longestKept ? parseOnce(code) : parsedBefore(code);
}

/** Longer ones hardly ever stand twice, and would only fill the memory. */
const longestKept = 200;

function parseOnce(code: string): Parsed {
  try {
    const ast = parseExpression(code);
    return { ast, found: referencesIn(ast) };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    return { ast: undefined, found: [], problem: error };
  }
}

/** Offsets of content as bytes: the end is the byte after the last unit, so that what YAML put between is not counted. */
function spanOf(offsets: ContentOffsets, from: number, to: number): { start: number; end: number } {
  return { start: offsets(from), end: to > from ? Math.max(offsets(from), offsets(to)) : offsets(from) };
}
