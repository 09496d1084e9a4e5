/** Parser of GitHub's expression language: text to tree. It does not evaluate. */

import { ExpressionProblem, type Token, tokenize } from "./expression-token.ts";
import type { ExpressionNode } from "./model.ts";

/** GitHub's own limits. */
const longest = 21_000;
const deepest = 50;

type Parser = { tokens: Token[]; next: number; depth: number };

type BinaryOperator = Extract<ExpressionNode, { type: "binary" }>["operator"];

/** From loosest to tightest. */
const levels: BinaryOperator[][] = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="]];

/**
 * Parses one expression, without its `${{` and `}}`.
 * Throws `ExpressionProblem` for what GitHub's parser refuses in form; names of contexts and functions are not checked, so that new ones parse.
 */
export function parseExpression(source: string): ExpressionNode {
  if (source.length > longest)
    throw new ExpressionProblem(`an expression may have ${longest} characters`, 0, source.length);
  const simple = parsePath(source);
  if (simple !== undefined) return simple;
  const parser: Parser = { tokens: tokenize(source), next: 0, depth: 0 };
  const node = parseLevel(parser, 0);
  const rest = peek(parser);
  if (rest.kind !== "end") throw unexpected(rest);
  return node;
}

const constants = new Map<string, boolean | number | null>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

const path = /^\s*[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+\s*$/;

/** `context.name.name`, which most expressions are: read without tokens, to the same tree. */
function parsePath(source: string): ExpressionNode | undefined {
  if (!path.test(source)) return undefined;
  let at = source.length - source.trimStart().length;
  const start = at;
  let node: ExpressionNode | undefined;
  for (const name of source.trim().split(".")) {
    const to = at + name.length;
    if (node === undefined) {
      if (constants.has(name)) return undefined;
      node = { type: "context", name, at, to };
    } else node = { type: "index", target: node, index: { type: "literal", value: name, at, to }, at: start, to };
    at = to + 1;
  }
  return node;
}

function peek(parser: Parser): Token {
  return parser.tokens[parser.next]!;
}

function isOperator(token: Token, text: string): boolean {
  return token.kind === "operator" && token.text === text;
}

function take(parser: Parser, operator: string): Token {
  const token = peek(parser);
  if (!isOperator(token, operator)) throw unexpected(token, operator);
  parser.next++;
  return token;
}

function unexpected(token: Token, wanted?: string): ExpressionProblem {
  const found = token.kind === "end" ? "the expression ends too early" : "unexpected part of an expression";
  return new ExpressionProblem(wanted === undefined ? found : `${found}: expected ${wanted}`, token.at, token.to);
}

function parseLevel(parser: Parser, level: number): ExpressionNode {
  const operators = levels[level];
  if (operators === undefined) return parseUnary(parser);
  let left = parseLevel(parser, level + 1);
  for (;;) {
    const token = peek(parser);
    const operator = token.kind === "operator" ? operators.find((candidate) => candidate === token.text) : undefined;
    if (operator === undefined) return left;
    parser.next++;
    const right = parseLevel(parser, level + 1);
    left = { type: "binary", operator, left, right, at: left.at, to: right.to };
  }
}

function parseUnary(parser: Parser): ExpressionNode {
  const token = peek(parser);
  if (!isOperator(token, "!")) return parsePostfix(parser);
  parser.next++;
  deeper(parser, token);
  const operand = parseUnary(parser);
  parser.depth--;
  return { type: "not", operand, at: token.at, to: operand.to };
}

function deeper(parser: Parser, token: Token): void {
  if (++parser.depth > deepest)
    throw new ExpressionProblem(`an expression may be nested ${deepest} deep`, token.at, token.to);
}

function parsePostfix(parser: Parser): ExpressionNode {
  let node = parsePrimary(parser);
  for (;;) {
    const token = peek(parser);
    if (isOperator(token, ".")) {
      parser.next++;
      const property = peek(parser);
      parser.next++;
      if (isOperator(property, "*")) node = { type: "star", target: node, at: node.at, to: property.to };
      else if (property.kind === "name") {
        const index: ExpressionNode = { type: "literal", value: property.text, at: property.at, to: property.to };
        node = { type: "index", target: node, index, at: node.at, to: property.to };
      } else throw unexpected(property, "a name");
    } else if (isOperator(token, "[")) {
      parser.next++;
      deeper(parser, token);
      const first = peek(parser);
      if (isOperator(first, "*")) {
        parser.next++;
        node = { type: "star", target: node, at: node.at, to: take(parser, "]").to };
      } else {
        const index = parseLevel(parser, 0);
        node = { type: "index", target: node, index, at: node.at, to: take(parser, "]").to };
      }
      parser.depth--;
    } else return node;
  }
}

function parsePrimary(parser: Parser): ExpressionNode {
  const token = peek(parser);
  parser.next++;
  const { at, to } = token;
  if (token.kind === "string") return { type: "literal", value: token.text, at, to };
  if (token.kind === "number") return { type: "literal", value: token.number ?? 0, at, to };
  if (token.kind === "name") {
    if (isOperator(peek(parser), "(")) return parseCall(parser, token);
    const constant = constants.get(token.text);
    if (constant !== undefined) return { type: "literal", value: constant, at, to };
    return { type: "context", name: token.text, at, to };
  }
  if (!isOperator(token, "(")) throw unexpected(token);
  deeper(parser, token);
  const inner = parseLevel(parser, 0);
  const close = take(parser, ")");
  parser.depth--;
  return { ...inner, at, to: close.to };
}

function parseCall(parser: Parser, name: Token): ExpressionNode {
  deeper(parser, take(parser, "("));
  const args: ExpressionNode[] = [];
  if (!isOperator(peek(parser), ")")) {
    args.push(parseLevel(parser, 0));
    while (isOperator(peek(parser), ",")) {
      parser.next++;
      // GitHub's parser takes a comma behind the last argument.
      if (isOperator(peek(parser), ")")) break;
      args.push(parseLevel(parser, 0));
    }
  }
  const close = take(parser, ")");
  parser.depth--;
  return { type: "call", name: name.text, args, at: name.at, to: close.to };
}
