/**
 * One forgiving parser for the expressions of all dialects. It never fails: what it cannot read becomes `unknown` and it goes on behind it,
 * so that every token is looked at a bounded number of times.
 */
import { parseArguments, parseList, parseObject } from "./bracket-parse.ts";
import { type Cursor, isSign, nestingLimit, peek, skipNewlines, skipped, spanFrom, takeSign } from "./cursor.ts";
import type { Expression, TemplatePart } from "./expression.ts";
import { type Token, tokenize } from "./tokens.ts";

const precedence: Record<string, number> = {
  "??": 1,
  "||": 1,
  or: 1,
  "&&": 2,
  and: 2,
  "==": 3,
  "!=": 3,
  "===": 3,
  "!==": 3,
  "=~": 3,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  in: 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};

/** Reads one expression. At the end of what it can read it stops, also in the middle of nonsense. */
export function parseExpression(cursor: Cursor): Expression {
  const start = peek(cursor).start;
  if (cursor.depth >= nestingLimit) return skipped(cursor, "nested too deeply");
  cursor.depth++;
  let result = parseBinary(cursor, 1);
  if (isSign(cursor, "?") && cursor.dialect !== "python") {
    cursor.at++;
    skipNewlines(cursor);
    const whenTrue = parseExpression(cursor);
    skipNewlines(cursor);
    if (takeSign(cursor, ":")) {
      skipNewlines(cursor);
      const otherwise = parseExpression(cursor);
      result = { kind: "choice", test: result, whenTrue, otherwise, span: spanFrom(cursor, start) };
    } else result = { kind: "unknown", why: "a condition without its second half", span: spanFrom(cursor, start) };
  } else if (cursor.dialect === "python" && peek(cursor).text === "if" && peek(cursor).kind === "name") {
    cursor.at++;
    const test = parseBinary(cursor, 1);
    if (peek(cursor).text === "else") {
      cursor.at++;
      result = {
        kind: "choice",
        test,
        whenTrue: result,
        otherwise: parseExpression(cursor),
        span: spanFrom(cursor, start),
      };
    }
  }
  cursor.depth--;
  return result;
}

function parseBinary(cursor: Cursor, least: number): Expression {
  const start = peek(cursor).start;
  let left = parseUnary(cursor);
  for (;;) {
    const token = peek(cursor);
    const level = token.kind === "sign" || token.kind === "name" ? precedence[token.text] : undefined;
    if (level === undefined || level < least || (token.kind === "name" && cursor.dialect !== "python")) return left;
    cursor.at++;
    skipNewlines(cursor);
    const right = parseBinary(cursor, level + 1);
    left = {
      kind: "binary",
      operator: token.text === "===" ? "==" : token.text === "!==" ? "!=" : token.text,
      left,
      right,
      span: spanFrom(cursor, start),
    };
  }
}

function parseUnary(cursor: Cursor): Expression {
  const first = peek(cursor);
  let negated = false;
  while (
    isSign(cursor, "!") ||
    isSign(cursor, "-") ||
    isSign(cursor, "+") ||
    (peek(cursor).kind === "name" && isPrefixWord(cursor))
  ) {
    if (isSign(cursor, "!")) negated = !negated;
    cursor.at++;
  }
  const of = parsePostfix(cursor);
  return negated ? { kind: "not", of, span: spanFrom(cursor, first.start) } : of;
}

function isPrefixWord(cursor: Cursor): boolean {
  const { text } = peek(cursor);
  if (cursor.dialect === "typescript")
    return (
      ["new", "await", "typeof", "async"].includes(text) &&
      !isSign(cursor, ".", 1) &&
      !isSign(cursor, ":", 1) &&
      !isSign(cursor, ",", 1)
    );
  return cursor.dialect === "python" && (text === "await" || text === "not");
}

function parsePostfix(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  let result = parsePrimary(cursor);
  for (;;) {
    const chain = chained(cursor);
    if (isSign(cursor, ".", chain) || isSign(cursor, "?.", chain) || isSign(cursor, "::", chain)) {
      cursor.at += chain + 1;
      const name = peek(cursor);
      if (isSign(cursor, "*") || name.kind === "name" || name.kind === "number") {
        cursor.at++;
        result = { kind: "member", of: result, name: name.text, span: spanFrom(cursor, start) };
      } else return { kind: "unknown", why: "a dot without a name", span: spanFrom(cursor, start) };
    } else if (isSign(cursor, "[")) {
      const close = peek(cursor).close!;
      cursor.at++;
      const star = isSign(cursor, "*");
      const index: Expression = star
        ? { kind: "name", name: "*", span: spanFrom(cursor, start) }
        : parseExpression(cursor);
      cursor.at = Math.max(cursor.at, Math.min(close + 1, cursor.tokens.length - 1));
      result = { kind: "index", of: result, index, span: spanFrom(cursor, start) };
    } else if (isSign(cursor, "(")) {
      const args = parseArguments(cursor);
      result = {
        kind: "call",
        name: calleeOf(result),
        of: result.kind === "member" ? result.of : undefined,
        args,
        span: spanFrom(cursor, start),
      };
      cursor.onNode?.(result);
    } else if (
      peek(cursor).kind === "string" &&
      cursor.dialect === "typescript" &&
      peek(cursor).text === "`" &&
      (result.kind === "name" || result.kind === "member")
    ) {
      const argument = parsePrimary(cursor);
      result = {
        kind: "call",
        name: calleeOf(result),
        of: undefined,
        args: [{ name: undefined, value: argument }],
        span: spanFrom(cursor, start),
      };
    } else if (cursor.dialect === "typescript" && (isSign(cursor, "!") || isTypeCast(cursor))) {
      // A cast says nothing about the value.
      cursor.at += isSign(cursor, "!") ? 1 : 2;
      while (isSign(cursor, ".") && peek(cursor, 1).kind === "name") cursor.at += 2;
    } else return result;
  }
}

/** In code a dot may stand on the next line: how many newlines are before it. */
function chained(cursor: Cursor): number {
  if (cursor.dialect !== "typescript") return 0;
  let ahead = 0;
  while (ahead < 4 && peek(cursor, ahead).kind === "newline") ahead++;
  return isSign(cursor, ".", ahead) ? ahead : 0;
}

function isTypeCast(cursor: Cursor): boolean {
  return (
    peek(cursor).kind === "name" &&
    (peek(cursor).text === "as" || peek(cursor).text === "satisfies") &&
    peek(cursor, 1).kind === "name"
  );
}

function calleeOf(expression: Expression): string {
  const names: string[] = [];
  let at: Expression = expression;
  while (at.kind === "member" && names.length < 20) {
    names.push(at.name);
    at = at.of;
  }
  if (at.kind === "name") names.push(at.name);
  return names.reverse().join(".");
}

function parsePrimary(cursor: Cursor): Expression {
  const token = peek(cursor);
  switch (token.kind) {
    case "string":
      cursor.at++;
      return joinedStrings(cursor, templateOf(cursor, token));
    case "number": {
      cursor.at++;
      const value = Number(token.text.replaceAll("_", ""));
      const span = spanFrom(cursor, token.start);
      return Number.isNaN(value)
        ? { kind: "unknown", why: "a number that cannot be read", span }
        : { kind: "plain", value, span };
    }
    case "name":
      return parseName(cursor, token);
    case "sign":
      if (token.text === "(" || token.text === "[" || token.text === "{") return parseBracket(cursor, token.text);
      return {
        kind: "unknown",
        why: `unexpected ${token.text}`,
        span: { source: cursor.source, start: token.start, end: token.end },
      };
    default:
      return {
        kind: "unknown",
        why: "the expression ends too early",
        span: { source: cursor.source, start: token.start, end: token.end },
      };
  }
}

function parseBracket(cursor: Cursor, sign: string): Expression {
  if (cursor.depth >= nestingLimit) return skipped(cursor, "nested too deeply");
  cursor.depth++;
  const result = sign === "(" ? parseParenthesis(cursor) : sign === "[" ? parseList(cursor) : parseObject(cursor);
  cursor.depth--;
  return result;
}

const words: Record<string, boolean | null> = {
  true: true,
  false: false,
  null: null,
  True: true,
  False: false,
  None: null,
  undefined: null,
};

function parseName(cursor: Cursor, token: Token): Expression {
  cursor.at++;
  const span = spanFrom(cursor, token.start);
  if (Object.hasOwn(words, token.text)) return { kind: "plain", value: words[token.text]!, span };
  if (isSign(cursor, "=>") && cursor.dialect === "typescript") return parseLambda(cursor, token.start);
  if (cursor.dialect === "python" && token.text === "lambda") {
    while (cursor.at < cursor.tokens.length - 1 && !isSign(cursor, ":") && peek(cursor).kind !== "newline") cursor.at++;
    cursor.at++;
    const body = parseExpression(cursor);
    return { kind: "lambda", body, span: spanFrom(cursor, token.start) };
  }
  return { kind: "name", name: token.text, span };
}

function parseLambda(cursor: Cursor, start: number): Expression {
  cursor.at++;
  skipNewlines(cursor);
  if (isSign(cursor, "{")) {
    const close = peek(cursor).close!;
    cursor.at++;
    const body = cursor.depth < nestingLimit ? cursor.onBody?.(cursor, close) : undefined;
    cursor.at = Math.min(close + 1, cursor.tokens.length - 1);
    const span = spanFrom(cursor, start);
    return {
      kind: "lambda",
      body: body ?? { kind: "unknown", why: "a function that returns nothing readable", span },
      span,
    };
  }
  const body = parseExpression(cursor);
  return { kind: "lambda", body, span: spanFrom(cursor, start) };
}

function parseParenthesis(cursor: Cursor): Expression {
  const { start, close } = peek(cursor);
  cursor.at++;
  skipNewlines(cursor);
  const isArrow = cursor.tokens[close! + 1]?.text === "=>" && cursor.dialect === "typescript";
  let inner: Expression | undefined;
  if (!isArrow && cursor.at < close!) inner = parseExpression(cursor);
  skipNewlines(cursor);
  // Texts side by side in Python's brackets were joined already; anything else left over is not understood.
  const clean = cursor.at === close;
  cursor.at = Math.min(close! + 1, cursor.tokens.length - 1);
  if (isArrow) return parseLambda(cursor, start);
  if (inner !== undefined && clean) return inner;
  return { kind: "unknown", why: "brackets that hold no single value", span: spanFrom(cursor, start) };
}

/** A string token with its computed parts parsed. */
function templateOf(cursor: Cursor, token: Token): Expression & { kind: "template" } {
  const parts: TemplatePart[] = [];
  for (const part of token.parts ?? []) {
    if (part.kind === "text") parts.push(part);
    else parts.push({ kind: "expression", of: parseRange(cursor, part.start, part.end) });
  }
  return { kind: "template", parts, span: { source: cursor.source, start: token.start, end: token.end } };
}

function parseRange(cursor: Cursor, start: number, end: number): Expression {
  const span = { source: cursor.source, start, end };
  if (start >= end) return { kind: "unknown", why: "a part that cannot be read", span };
  if (cursor.depth >= nestingLimit) return { kind: "unknown", why: "nested too deeply", span };
  const inner: Cursor = {
    ...cursor,
    tokens: tokenize(cursor.source.text, start, end, cursor.dialect, cursor.budget),
    at: 0,
    depth: cursor.depth + 10,
  };
  skipNewlines(inner);
  const result = parseExpression(inner);
  skipNewlines(inner);
  return peek(inner).kind === "end" ? result : { kind: "unknown", why: "a part that cannot be read", span };
}

/** Python joins texts that stand side by side. */
function joinedStrings(cursor: Cursor, first: Expression & { kind: "template" }): Expression {
  if (cursor.dialect !== "python") return first;
  const parts = [...first.parts];
  let end = first.span.end;
  for (;;) {
    let ahead = 0;
    while (peek(cursor, ahead).kind === "newline" && ahead < 3) ahead++;
    const next = peek(cursor, ahead);
    // Outside brackets a text on the next line is another statement, which no value of a policy is.
    if (next.kind !== "string" || (ahead > 0 && cursor.depth <= 1)) break;
    cursor.at += ahead + 1;
    parts.push(...templateOf(cursor, next).parts);
    end = next.end;
  }
  return { kind: "template", parts, span: { ...first.span, end } };
}
